// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// The gate builds for the address sanitizer what it optimizes, and leaves the tests as they are that
/// call the public face: they take a third of the time to build, and run as fast.
let testSettings =
  Context.environment["KITH_PLAIN_TESTS"] == nil
  ? settings : settings + [.unsafeFlags(["-Onone"])]

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
      name: "KithTests", dependencies: ["Kith", "KithFixtures"], swiftSettings: testSettings),
    .testTarget(
      name: "DocumentationTests", dependencies: ["Kith"], swiftSettings: testSettings),
    .testTarget(
      name: "PropertyTests", dependencies: ["Kith", "KithCore", "KithFixtures", "KithTestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ScenarioTests", dependencies: ["Kith"], exclude: ["README.md"],
      swiftSettings: testSettings),
  ],
  swiftLanguageModes: [.v6]
)
