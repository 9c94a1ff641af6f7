import KithTestSupport

/// A random program on Kith and on the naive store: a byte is a choice.
func fuzz(_ input: [UInt8]) {
  var choices = Choices(replaying: input.map { UInt64($0) })
  let program = Program.generator(writes: 12).make(&choices)
  if choices.isDiscarded { return }
  var trial = Trial()
  requireReturn("\(program)") { try ProgramRun.run(program, &trial) }
}
