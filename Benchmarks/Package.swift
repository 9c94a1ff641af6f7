// swift-tools-version: 6.2

import PackageDescription

let package = Package(
  name: "KithBenchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "Kith", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CLinux"),
    .executableTarget(
      name: "kith-benchmarks",
      dependencies: [
        "CLinux",
        "CSQLite",
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "Kith", package: "Kith"),
        .product(name: "KithFixtures", package: "Kith"),
      ],
      path: "Sources/KithBenchmarks"),
  ],
  swiftLanguageModes: [.v6]
)
