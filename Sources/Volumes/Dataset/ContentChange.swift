/// In which cases a dataset differs from what it was when it was prepared.
package struct ContentChange: Equatable, Sendable {
  package private(set) var masks: [String] = []
  package private(set) var images: [String] = []
  package private(set) var added: [String] = []
  package private(set) var gone: [String] = []

  /// - Parameters:
  ///   - earlier: case to the hashes of its files, as `DatasetContents` gives them.
  ///   - now: the same of today.
  package init(from earlier: [String: String], to now: [String: String]) {
    for name in Set(earlier.keys).union(now.keys).sorted(by: naturallyPrecedes) {
      switch (earlier[name], now[name]) {
      case (nil, _): added.append(name)
      case (_, nil): gone.append(name)
      case (let old?, let new?):
        // The mask's hash is the last; further channels follow the image's.
        let (old, new) = (old.split(separator: "\t"), new.split(separator: "\t"))
        if old.last != new.last { masks.append(name) }
        if old.dropLast() != new.dropLast() { images.append(name) }
      }
    }
  }

  /// `the mask of c3; cases that are gone: c7`; empty where nothing differs.
  package var words: String {
    [
      Self.words("the mask of ", "the masks of ", masks), Self.words("the image of ", "the images of ", images),
      Self.words("a new case: ", "new cases: ", added),
      Self.words("a case that is gone: ", "cases that are gone: ", gone),
    ].compactMap(\.self).joined(separator: "; ")
  }

  private static func words(_ one: String, _ several: String, _ names: [String]) -> String? {
    names.isEmpty ? nil : (names.count == 1 ? one : several) + DatasetNotice.shortList(names)
  }
}

extension CacheSummary {
  /// Case to the hashes of the files that it was prepared from.
  package var sources: [String: String] {
    Dictionary(cases.map { ($0.name, $0.source) }, uniquingKeysWith: { first, _ in first })
  }
}
