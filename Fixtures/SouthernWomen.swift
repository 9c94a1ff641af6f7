/// What the published table of Davis's southern women says beside the attendances.
public enum SouthernWomen {
  /// The names of the 18 women, in the order of the table: the woman with id 1 comes first.
  public static let names = [
    "Evelyn Jefferson", "Laura Mandeville", "Theresa Anderson", "Brenda Rogers",
    "Charlotte McDowd", "Frances Anderson", "Eleanor Nye", "Pearl Oglethorpe", "Ruth DeSand",
    "Verne Sanderson", "Myra Liddell", "Katherine Rogers", "Sylvia Avondale", "Nora Fayette",
    "Helen Lloyd", "Dorothy Murchison", "Olivia Carleton", "Flora Price",
  ]
}
