// expect: success
import Kith

func noMistake(_ graph: Graph) -> Int { graph[User.self, 1].following.count }
