// expect: value of type 'User' has no member 'nickname'
import Kith

func mistake(_ graph: Graph) -> Int { graph[User.self].filter(\User.nickname == "ada").count }
