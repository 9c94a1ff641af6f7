import Kith
import Testing

@Suite struct `The article on the architecture` {
  @Test func `shows a plan as it is`() throws {
    let graph = try Network.graph(users: 4, follows: [(1, 2), (1, 3), (2, 4)], posts: 40)
    let plan = graph[User.self, 1].following.posts
      .sorted(by: \.createdAt, .descending).prefix(20).explain()
    #expect(plan == (try Catalogue.outputs("Architecture")[2]))
    try graph.validate()
  }
}
