// expect: consider explicitly specifying a root type
import Kith

func mistake(_ graph: Graph) -> Int { graph[User.self].filter(\.nickname == "ada").count }
