/// In which cases a dataset differs from what it was when it was prepared.
package struct ContentChange: Equatable, Sendable {
  package private(set) var masks: [String] = []
  package private(set) var images: [String] = []
  package private(set) var added: [String] = []
  package private(set) var gone: [String] = []
  /// Cases whose files have other bytes and the same voxels, where that is known.
  package private(set) var packed: [String] = []

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

  /// Of two preparations: where voxels can be compared, files that were only packed anew are told from others.
  package init(from earlier: CacheSummary, to now: CacheSummary) {
    self.init(from: earlier.sources, to: now.sources)
    let (old, new) = (earlier.byName, now.byName)
    packed = Set(masks + images).sorted(by: naturallyPrecedes).filter { name in
      old[name].flatMap { one in new[name].map { one.hasVoxels(of: $0) } } ?? false
    }
    masks.removeAll(where: packed.contains)
    images.removeAll(where: packed.contains)
  }

  /// Whether files of cases have changed, and packing alone may be why.
  package var mayBePacking: Bool { !(masks + images).isEmpty && (added + gone + packed).isEmpty }

  /// `the mask of c3; cases that are gone: c7`; empty where nothing differs.
  package var words: String {
    [
      Self.words("the mask of ", "the masks of ", masks), Self.words("the image of ", "the images of ", images),
      Self.words("a new case: ", "new cases: ", added),
      Self.words("a case that is gone: ", "cases that are gone: ", gone),
      Self.words(
        "of the same voxels, but packed anew, the files of ", "of the same voxels, but packed anew, the files of ",
        packed
      )
      .map { $0 + ": a run is of files to the byte, so put the earlier ones back to go on with what is finished" },
    ].compactMap(\.self).joined(separator: "; ")
  }

  private static func words(_ one: String, _ several: String, _ names: [String]) -> String? {
    names.isEmpty ? nil : (names.count == 1 ? one : several) + DatasetNotice.shortList(names)
  }
}

extension CacheSummary {
  fileprivate var byName: [String: CaseFacts] {
    Dictionary(cases.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Case to the hashes of the files that it was prepared from.
  package var sources: [String: String] {
    Dictionary(cases.map { ($0.name, $0.source) }, uniquingKeysWith: { first, _ in first })
  }
}

extension CaseFacts {
  /// Whether networks see the same of both, and the truth is the same on the image's own grid.
  fileprivate func hasVoxels(of other: CaseFacts) -> Bool {
    maskDigest != nil && maskDigest == other.maskDigest && imageDigest == other.imageDigest && voxel == other.voxel
      && extent == other.extent && (lowest, highest) == (other.lowest, other.highest)
  }
}
