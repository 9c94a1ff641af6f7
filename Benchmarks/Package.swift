// swift-tools-version: 6.2

import PackageDescription

let package = Package(
  name: "KithBenchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Kith", path: "..")],
  targets: [
    .executableTarget(
      name: "WhoToFollow",
      dependencies: [
        .product(name: "Kith", package: "Kith"),
        .product(name: "KithFixtures", package: "Kith"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
