/// Why a step of a migration is refused: one sentence each.
struct RefusedStep: Error {
  let reasons: [String]

  init(_ reasons: String...) { self.reasons = reasons }

  init(_ reasons: [String]) { self.reasons = reasons }
}
