// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// The gate's sanitizers take the tests of units, and the random programs. The scenarios and the
/// articles, which go through the same code once more, are left out; and the tests of the public face
/// are not optimized, which takes a third of the time, and they run as fast.
let isSanitized = Context.environment["KITH_SANITIZED"] != nil
let plainSettings = isSanitized ? settings + [.unsafeFlags(["-Onone"])] : settings
let scenarios: [Target] = [
  .testTarget(name: "DocumentationTests", dependencies: ["Kith"], swiftSettings: settings),
  .testTarget(
    name: "ScenarioTests", dependencies: ["Kith"], exclude: ["README.md"], swiftSettings: settings),
]

let package = Package(
  name: "Kith",
  platforms: [.macOS(.v15), .iOS(.v18)],
  products: [
    .library(name: "Kith", targets: ["Kith"]),
    .library(name: "KithFixtures", targets: ["KithFixtures"]),
    .executable(name: "social-feed", targets: ["SocialFeed"]),
  ],
  targets: [
    .target(name: "KithCore", swiftSettings: settings),
    .target(name: "Kith", dependencies: ["KithCore"], swiftSettings: settings),
    .target(
      name: "KithFixtures",
      path: "Fixtures",
      exclude: ["README.md"],
      resources: [.embedInCode("karate.tsv"), .embedInCode("southern-women.tsv")],
      swiftSettings: settings),
    .executableTarget(
      name: "SocialFeed", dependencies: ["Kith", "KithFixtures"], swiftSettings: settings),
    .target(
      name: "KithTestSupport", dependencies: ["KithCore", "KithFixtures"],
      path: "Tests/KithTestSupport",
      swiftSettings: settings),
    .testTarget(
      name: "KithCoreTests", dependencies: ["KithCore", "KithTestSupport"], swiftSettings: settings),
    .testTarget(
      name: "KithTests", dependencies: ["Kith", "KithFixtures"], swiftSettings: plainSettings),
    .testTarget(
      name: "PropertyTests", dependencies: ["Kith", "KithCore", "KithFixtures", "KithTestSupport"],
      swiftSettings: settings),
  ] + (isSanitized ? [] : scenarios),
  swiftLanguageModes: [.v6]
)
