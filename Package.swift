// swift-tools-version: 6.2
import PackageDescription

/// Language settings every Swift target shares.
///
/// Each feature is one that a later language mode makes default.
let testSettings: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),  // SE-0335
  .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
  .enableUpcomingFeature("InferIsolatedConformances"),  // SE-0470
]

/// What a file uses it imports; tests may lean on what they import indirectly.
let settings = testSettings + [.enableUpcomingFeature("MemberImportVisibility")]  // SE-0444

/// Kernels are always optimized: a debug build of the numeric loops would make every test wait for
/// them.
let kernelSettings: [CSetting] = [.define("NDEBUG")]

let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

/// A library in `Sources/` together with its test target in `Tests/`.
struct Module {
  enum Kind {
    /// A product of its own, which other packages import.
    case exported
    /// For targets of this package only.
    case `internal`
  }

  var name: String
  var kind = Kind.exported
  var dependencies: [Target.Dependency]
  var testDependencies: [Target.Dependency] = []
  var hasFixtures = false
  var resources: [Resource] = []

  var products: [Product] {
    kind == .exported ? [.library(name: name, targets: [name])] : []
  }

  var targets: [Target] {
    [
      .target(
        name: name, dependencies: dependencies, resources: resources, swiftSettings: settings),
      .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name), "TestSupport"] + dependencies + testDependencies,
        resources: hasFixtures ? [.copy("Fixtures")] : [],
        swiftSettings: testSettings),
    ]
  }
}

/// The modules, from the bottom up.
let modules = [
  Module(name: "Support", dependencies: []),
  Module(name: "Tensors", dependencies: ["CKernels", "COpenBLAS"], hasFixtures: true),
  // The library of MPI is opened at run time.
  Module(
    name: "MessagePassing", kind: .internal, dependencies: ["CMessagePassing", "Tensors"]),
  Module(
    name: "Statistics", kind: .internal, dependencies: ["Tensors"], hasFixtures: true),
  Module(name: "Optimization", dependencies: ["Support", "Tensors"], hasFixtures: true),
  Module(
    name: "ConvNet", dependencies: ["Support", "Tensors"],
    testDependencies: ["Optimization", "Training"], hasFixtures: true),
  Module(
    name: "ImageLoading", dependencies: ["CImageCodecs", "COpenSSL", "Support", "Tensors"],
    hasFixtures: true),
  Module(name: "Plotting", dependencies: ["CCairo", "CPango", "Support"]),
  Module(name: "Reports", kind: .internal, dependencies: ["Plotting", "Support"]),
  Module(
    name: "Sketches", kind: .internal,
    dependencies: ["ImageLoading", "Plotting", "Support", "Tensors"]),
  Module(
    name: "Training",
    dependencies: [
      "ConvNet", "ImageLoading", "Optimization", "Statistics", "Support", "Tensors",
    ],
    hasFixtures: true),
  Module(
    name: "Lessons", kind: .internal,
    dependencies: ["ConvNet", "Optimization", "Support", "Tensors", "Training"],
    hasFixtures: true),
  Module(
    name: "Races", kind: .internal, dependencies: ["Optimization", "Plotting", "Support"]),
  Module(
    name: "ObjectiveFigures", kind: .internal,
    dependencies: ["Optimization", "Plotting", "Support"]),
  Module(
    name: "LocalServer", kind: .internal,
    dependencies: [
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOHTTP1", package: "swift-nio"),
      .product(name: "NIOPosix", package: "swift-nio"), "Support",
    ], testDependencies: ["Tensors"]),
  Module(
    name: "PageFrame", kind: .internal, dependencies: ["LocalServer", "Plotting"],
    testDependencies: ["NetworkPage", "ObjectivePage", "PhotoPage", "Playground", "TrainingPage"],
    resources: [.embedInCode("Assets")]),
  Module(
    name: "Playground", kind: .internal,
    dependencies: ["LocalServer", "Optimization", "PageFrame", "Plotting", "Races", "Support"],
    resources: [.embedInCode("Assets")]),
  Module(
    name: "PhotoPage", kind: .internal,
    dependencies: [
      "ImageLoading", "LocalServer", "PageFrame", "Plotting", "Support", "Tensors", "Training",
    ], resources: [.embedInCode("Assets")]),
  Module(
    name: "NetworkPage", kind: .internal,
    dependencies: [
      "ConvNet", "ImageLoading", "LocalServer", "Optimization", "PageFrame", "Plotting",
      "Sketches", "Support", "Tensors", "Training",
    ], resources: [.embedInCode("Assets")]),
  Module(
    name: "TrainingPage", kind: .internal,
    dependencies: [
      "ImageLoading", "LocalServer", "Optimization", "PageFrame", "Plotting", "Races", "Support",
      "Tensors", "Training",
    ], resources: [.embedInCode("Assets")]),
  Module(
    name: "ObjectivePage", kind: .internal,
    dependencies: [
      "ConvNet", "ImageLoading", "LocalServer", "ObjectiveFigures", "Optimization", "PageFrame",
      "Plotting", "Sketches", "Statistics", "Support", "Tensors", "Training",
    ], resources: [.embedInCode("Assets")]),
  // For the tool only: it counts allocations by standing in for `malloc`.
  Module(
    name: "Benchmarking", kind: .internal,
    dependencies: ["CAllocations", "ConvNet", "Optimization", "Support", "Tensors", "Training"]),
]

/// Who builds the reference alone pays for its plugin.
let documentationPlugin: [Package.Dependency] =
  Context.environment["MARBLES_DOCUMENTATION"] == nil
  ? [] : [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0")]

let package = Package(
  name: "marbles",
  products: [.executable(name: "marbles", targets: ["marbles"])] + modules.flatMap(\.products),
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ] + documentationPlugin,
  targets: [
    // MARK: System libraries
    .systemLibrary(
      name: "CLibJPEG", pkgConfig: "libjpeg",
      providers: [.apt(["libjpeg-dev"]), .brew(["jpeg-turbo"])]),
    .systemLibrary(
      name: "CLibPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(
      name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"]), .brew(["cairo"])]),
    // Of Cairo's pkg-config file are the folders of headers and libraries.
    .systemLibrary(
      name: "CPango", pkgConfig: "cairo",
      providers: [.apt(["libpango1.0-dev"]), .brew(["pango"])]),
    .systemLibrary(
      name: "COpenSSL", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"]), .brew(["openssl"])]),

    // What Foundation's modules lack of the C library.
    .systemLibrary(name: "CFileAttributes"),

    // MARK: C
    // libpng's own package pulls zlib in; its name must be said to link it.
    .target(
      name: "CImageCodecs", dependencies: ["CLibJPEG", "CLibPNG"],
      linkerSettings: [.linkedLibrary("z")]),
    .target(name: "CKernels", cSettings: kernelSettings),
    .target(name: "CAllocations"),
    .target(name: "CMessagePassing"),

    // MARK: The tool
    .executableTarget(
      name: "marbles",
      dependencies: [
        "Benchmarking", "CFileAttributes", "ConvNet", "ImageLoading", "Lessons", "LocalServer",
        "MessagePassing", "NetworkPage", "ObjectiveFigures", "ObjectivePage", "Optimization",
        "PageFrame", "PhotoPage", "Playground", "Plotting", "Races", "Reports", "Sketches",
        "Statistics", "Support", "Tensors", "Training", "TrainingPage",
        argumentParser,
      ],
      swiftSettings: settings),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "marbles", "manual", "ConvNet", "ImageLoading", "Lessons", "MessagePassing",
        "ObjectivePage", "Optimization", "Playground", "Plotting", "Sketches", "Statistics",
        "Support", "TestSupport", "Training", argumentParser,
      ],
      swiftSettings: testSettings),
    .executableTarget(name: "manual", path: "Tools/manual", swiftSettings: settings),
    .executableTarget(
      name: "lecture", dependencies: ["Lessons"], path: "Tools/lecture", swiftSettings: settings),
    .executableTarget(
      name: "loading-benchmark", dependencies: ["ImageLoading", "Support"],
      path: "Benchmarks/loading", exclude: ["compare.py", "run.sh"], swiftSettings: settings),
    .executableTarget(
      name: "Conformance", dependencies: ["ImageLoading", "Support", "Tensors", "TestSupport"],
      path: "Tests/Conformance",
      swiftSettings: settings),
    .executableTarget(
      name: "Chaos",
      dependencies: [
        "ConvNet", "ImageLoading", "Optimization", "Plotting", "Support", "Tensors",
        "TestSupport", "Training",
      ],
      path: "Tests/Chaos",
      swiftSettings: settings),
    .target(
      name: "TestSupport", dependencies: ["Tensors"], path: "Tests/TestSupport",
      swiftSettings: testSettings),
  ] + modules.flatMap(\.targets),
  swiftLanguageModes: [.v6]
)
