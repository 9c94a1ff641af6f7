// expect: cannot convert value of type 'String' to expected argument type 'Int'
import Kith

func mistake(_ graph: Graph) -> User? { graph.find(User.self, "ada") }
