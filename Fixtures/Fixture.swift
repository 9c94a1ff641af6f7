/// The bundled data sets, as edge lists in the format of the SNAP collection.
public enum Fixture {
  /// Zachary's karate club: 34 members and 78 ties, undirected.
  public static var karateClub: [UInt8] { PackageResources.karate_tsv }

  /// Davis's southern women: 18 women, 14 events and 89 attendances, woman first.
  public static var southernWomen: [UInt8] { PackageResources.southern_women_tsv }
}
