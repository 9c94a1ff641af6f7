import Kith
import Testing

@Suite struct `The article on performance` {
  @Test func `shows the narrowest calls`() throws {
    let graph = try Network.graph(users: 4, follows: [(1, 2), (1, 3), (2, 4), (3, 4), (4, 1)])
    let keys = graph[User.self, 1].following.following.ids  // no row is read
    let number = graph[User.self, 1].followers.count  // no link either
    let paths = graph.join(User.following.following).count  // counted, not walked
    let most = graph.join(User.following.following).counts(from: 1...3)  // one call for many users
    let best = graph[User.self, 1].following.following.ranked().prefix(10)  // ten rows are made
    #expect(keys == [4])
    #expect(number == 1)
    #expect(paths == 6)
    #expect(most == [2, 1, 1])
    #expect(best.map(\.paths) == [2])
  }
}
