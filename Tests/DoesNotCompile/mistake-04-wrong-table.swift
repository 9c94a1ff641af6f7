// expect: cannot convert value of type 'UUID' to expected argument type 'Int'
import Kith

func mistake(_ graph: inout Graph, _ post: Post) throws {
  try graph.append(post.id, to: User.following, of: 1)
}
