import Kith

/// Rows with a column of every kind as CSV.
func fuzz(_ input: [UInt8]) {
  fuzzText(input, into: specimens) {
    try $0.load(Specimen.self, csv: $1, allOrNothing: $2)
  } write: {
    $0[Specimen.self].csv()
  }
}
