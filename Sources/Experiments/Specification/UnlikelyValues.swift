import Compute
import JSON
import Networks
import Text
import Volumes

extension Specification {
  /// Values that are allowed and surely not meant: one line each, with the place and what is usual.
  package var unlikelyValues: [String] {
    let lines = variants.indices.flatMap { index in
      variants[index].training.unlikelyValues.map { field, words in
        warning(words, at: written(field, of: "training", variant: index))
      }
    }
    return idleOptions + renamedVariants + confusingNames + unnamedNetworks + numbersAsNames
      + groupNotices(among: dataset.knownLabels?.names ?? []) + idleFields + likeNetworks
      + (lines + unlikelyModels + unlikelyPreprocessing + unlikelyAugmentation + unlikelyTolerances).distinct
  }

  /// Below this, in millimetres, no image tells one surface from another.
  private static let finest = 0.02

  /// Tolerances in another unit than millimetres.
  private var unlikelyTolerances: [String] {
    report.tolerances.indices.filter { report.tolerances[$0] < Self.finest }.map { index in
      let found = report.tolerances[index]
      return warning(
        "\(CanonicalJSON.text(found)) mm is far below a voxel, so that only equal surfaces count; tolerances are in millimetres,"
          + " \(CanonicalJSON.text(found)) m are \((found * 1000).significant(3)) mm", at: "report.tolerances" / index)
    }
  }

  /// Variants of which nothing says what network they are, nor their names.
  private var unnamedNetworks: [String] {
    guard !isWritten("model") else { return [] }
    let paths = variants.compactMap { variant -> JSONPath? in
      guard let path = variant.source.path, !isWritten(path / "model"), variant.source.axes.isEmpty,
        !variant.name.lowercased().contains(variant.model.kind)
      else { return nil }
      return path
    }
    return paths.distinct.map { path in
      warning(
        "no model is written, so that it is \(model.kind) with its defaults; write \"model\": {\"kind\": \"\(model.kind)\"}"
          + " if that is meant", at: path / "model")
    }
  }

  /// Structures that are called by a number, and by another than that of their voxels: most likely the two were exchanged.
  private var numbersAsNames: [String] {
    guard case .map(let map) = dataset.labels,
      let first = map.structures.first(where: { Int($0.name) != nil && $0.name != "\($0.value)" })
    else { return [] }
    return [
      warning(
        "a structure's name stands first, then its number: here voxels of the number \(first.value) are a structure called"
          + " \"\(first.name)\"; write {\"NAME\": \(first.name)} if \(first.name) is the number in the mask",
        at: "dataset.labels" / first.name)
    ]
  }

  private var unlikelyPreprocessing: [String] {
    guard preprocessing.normalise == .none else { return [] }
    return [
      warning(
        "\"none\" gives the networks grey values as they are, hundreds and thousands in MRI; usual is \"volume\", unless the"
          + " images are normalised already", at: "preprocessing.normalise")
    ]
  }

  /// A name is no part of a plan, so that a variant keeps its runs whatever an option calls it.
  private var renamedVariants: [String] {
    variants.compactMap(\.source.path).distinct.compactMap { variant in
      let (path, place) = (variant / "name", place(of: variant / "name"))
      guard case .option = place.origin, (place.line, place.column) == (1, 1), document.holds(path) else { return nil }
      return warning(
        "the variant has this name in this command only, and keeps its runs; give the same --set to every command that is"
          + " to call it so, or change the name in the file", at: path)
    }
  }

  private var unlikelyModels: [String] {
    variants.indices.flatMap { index in
      let size = inputExtent(of: variants[index].training)
      return variants[index].model.oddities(at: size).map { oddity in
        warning(oddity.rule, at: written(oddity.field, of: "model", variant: index))
      }
    }
  }

  private var unlikelyAugmentation: [String] {
    (augmentation?.unlikelyValues ?? []).map { field, words in
      warning(words, at: field.split(separator: ".").reduce("augmentation" as JSONPath) { $0 / String($1) })
    }
  }

  private func warning(_ words: String, at path: JSONPath) -> String {
    JSONError.description(words, at: path, place(of: path))
  }

  /// An average of weights that outlasts the training: a warning for each, or nothing.
  ///
  /// - Parameter cases: that train in the smallest fold.
  package func averageNotices(cases: Int) -> [String] {
    variants.indices.compactMap { index -> String? in
      let training = variants[index].training
      let steps = training.epochs * training.batches(of: cases).count
      let average = training.optimiser.average
      guard average > 0, Double(steps) * (1 - average) < 1 else { return nil }
      let better = (1 - 10 / Double(max(steps, 20))).significant(2)
      return warning(
        "\(CanonicalJSON.text(average)) keeps the first weights, as training has \(Quantity.of(steps, "step")) only; take"
          + " \(better) or less, or 0", at: written("average", of: "training", variant: index))
    }.distinct
  }

  /// So many of an image's voxels in plane may become one.
  private static let coarsest = 8

  /// A size that leaves too little of images to see structures in: a warning, or nothing.
  ///
  /// - Parameter extents: of the images, before anything is cropped.
  package func coarseNotices(_ extents: [Extent3]) -> [String] {
    guard preprocessing.spacing == nil, !extents.isEmpty else { return [] }
    let heights = extents.map(\.height).sorted()
    let widths = extents.map { preprocessing.crop == .halfWidth ? max($0.width / 2, 1) : $0.width }.sorted()
    let (height, width, size) = (heights[heights.count / 2], widths[widths.count / 2], preprocessing.size)
    // What is too small for the plane was meant for slices, which is told.
    if preprocessing.hasSlicesElsewhere(of: extents.map(\.depth)) { return [] }
    guard height > Self.coarsest * size.height || width > Self.coarsest * size.width else { return [] }
    let slices = preprocessing.advisedSlices(of: extents.map(\.depth))
    return [
      warning(
        "[\(size.depth), \(size.height), \(size.width)] leaves \(size.height) x \(size.width) voxels of \(height) x \(width) in plane (H x W),"
          + " in which structures vanish; take half of them or more, such as [\(slices), \(half(height)), \(half(width))]",
        at: "preprocessing.size")
    ]
  }

  /// Half of it, as strides divide it.
  private func half(_ side: Int) -> Int { max((side / 2 + 15) / 16 * 16, 16) }
}
