import Kith
import Testing

@Suite struct `The article on file formats` {
  @Test func `encodes a graph and makes it again`() throws {
    let graph = try Network.graph(users: 4, follows: [(1, 2), (1, 3), (2, 4)], posts: 4)
    let data = graph.encoded()
    let copy = try Graph(graph.schema, decoding: data)
    #expect(copy[User.self].ids == graph[User.self].ids)
    #expect(Array(data.prefix(8)) == [0x89, 0x4B, 0x49, 0x54, 0x48, 0x0D, 0x0A, 0x1A])
  }
}
