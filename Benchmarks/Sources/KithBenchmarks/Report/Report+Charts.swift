/// A drawing for the report.
struct Chart {
  let name: String
  let title: String
  let svg: String
}

extension Report {
  var charts: [Chart] { [] }
}
