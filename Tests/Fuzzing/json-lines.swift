import Kith

/// Rows with a column of every kind as JSON lines.
func fuzz(_ input: [UInt8]) {
  fuzzText(input, into: specimens) {
    try $0.load(Specimen.self, jsonLines: $1, allOrNothing: $2)
  } write: {
    $0[Specimen.self].jsonLines()
  }
}
