// expect: type 'User' has no member 'folowing'
import Kith

func mistake(_ graph: Graph) -> Int { graph[User.self, 1].folowing.count }
