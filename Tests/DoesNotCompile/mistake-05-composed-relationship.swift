// expect: only a Link is edited: append to an association table's relationship
import Kith

func mistake(_ graph: inout Graph) throws {
  try graph.append(3, to: User.following.following, of: 1)
}
