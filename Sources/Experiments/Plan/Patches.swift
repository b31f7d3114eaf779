import Compute
import Foundation
import JSON
import Models
import Text
import Volumes

extension TrainingPlan {
  /// Whether the patch at this place of a batch must hold foreground, as nnU-Net decides it (nnunetv2 2.8,
  /// `_oversample_last_XX_percent`): those from `round(n · (1 - foreground))` on. A batch of one, which that would never
  /// choose, leaves it to chance, as nnU-Net does where a batch is divided (`_probabilistic_oversampling`).
  ///
  /// - Parameter chance: uniform in [0, 1).
  package func holdsForeground(place: Int, of count: Int, chance: Double) -> Bool {
    guard count > 1 else { return chance < foreground }
    return place >= Int((Double(count) * (1 - foreground)).rounded(.toNearestOrEven))
  }
}

extension Plan {
  /// Depth, height and width of what the network sees at once.
  package var inputExtent: Extent3 { training.patch ?? preprocessing.size }
}

extension Specification {
  /// What a variant's network sees at once.
  package func inputExtent(of training: TrainingPlan) -> Extent3 { training.patch ?? preprocessing.size }

  /// Where that is written.
  func inputField(ofVariant index: Int) -> (extent: Extent3, path: JSONPath) {
    let training = variants[index].training
    guard let patch = training.patch else { return (preprocessing.size, "preprocessing.size") }
    return (patch, written("patch", of: "training", variant: index))
  }

  /// Sizes, spacings and patches that exclude each other, found without an image.
  var patchConflicts: [SpecificationError] {
    var found: [SpecificationError] = []
    if preprocessing.spacing != nil {
      if isWritten("preprocessing" / "size") { found.append(error(.sizeBesideSpacing, at: "preprocessing.size")) }
      if preprocessing.depth != .padOrCrop {
        found.append(
          error(
            .idle("depth", with: "preprocessing.spacing", standard: "\"padOrCrop\""), at: "preprocessing.depth"))
      }
      if let index = variants.firstIndex(where: { $0.training.patch == nil }) {
        found.append(error(.spacingWithoutPatch(variant: variants[index].name), at: "preprocessing.spacing"))
      }
      for (index, variant) in variants.enumerated() {
        guard let planned = variant.model.plannedSpacing, planned != preprocessing.spacing else { continue }
        found.append(
          error(
            .otherSpacing(planned, images: preprocessing.spacing ?? []),
            at: written("spacing", of: "model", variant: index)))
      }
    } else {
      found += patchConflicts(ImageGrids(size: preprocessing.size))
    }
    return found
  }

  /// Patches that are larger along some axis than every image, and than what a network that sees them pads such images to:
  /// nnU-Net's planner makes patches of 224 voxels for images of 200, because the network halves five times.
  package func patchConflicts(_ grids: ImageGrids) -> [SpecificationError] {
    variants.indices.reduce(into: []) { found, index in
      guard let patch = variants[index].training.patch else { return }
      let longest = grids.longest
      let fitting = Extent3(
        min(patch.depth, longest.depth), min(patch.height, longest.height), min(patch.width, longest.width))
      let padded = padded(fitting, for: patch)
      guard patch.depth > padded.depth || patch.height > padded.height || patch.width > padded.width else { return }
      let one =
        imagesTooSmall(padded, longest, for: variants[index].model)
        ?? error(
          .patchTooLarge(patch, longest: longest, fitting: padded),
          at: written("patch", of: "training", variant: index))
      if !found.contains(one) { found.append(one) }
    }
  }

  /// Images that are smaller than a network needs, so that none of its patches would fit: the spacing or size that makes them
  /// so is to be another one; nil where a patch fits.
  private func imagesTooSmall(
    _ padded: Extent3, _ longest: Extent3, for model: ModelConfiguration
  ) -> SpecificationError? {
    let least = model.leastSize
    guard padded.depth < least.depth || padded.height < least.height || padded.width < least.width else { return nil }
    let (own, needed) = ([longest.depth, longest.height, longest.width], [least.depth, least.height, least.width])
    guard let spacing = preprocessing.spacing else {
      let enough = Extent3(max(own[0], needed[0]), max(own[1], needed[1]), max(own[2], needed[2]))
      return error(
        .sizeHoldsNoPatch(longest, least: least, enough: enough, model: model.kind), at: "preprocessing.size")
    }
    let turned = Self.coarsestFirst(spacing)
    let sides = zip(own, zip(spacing, turned)).map { (Double($0) - 0.5) * $1.0 / $1.1 }
    let fine =
      turned != spacing && zip(sides, needed).allSatisfy { $0 >= Double($1) }
      ? turned : zip(spacing, zip(own, needed)).map { Self.finer($0, side: $1.0, needed: $1.1) }
    return error(
      .spacingHoldsNoPatch(spacing, longest: longest, least: least, fine: fine, model: model.kind),
      at: "preprocessing.spacing")
  }

  /// The same numbers with the coarsest first, as slices are.
  private static func coarsestFirst(_ spacing: [Double]) -> [Double] {
    var others = spacing
    let coarsest = others.remove(at: others.firstIndex(of: others.max() ?? 0) ?? 0)
    return [coarsest] + others
  }

  /// A spacing at which a side of so many voxels has as many as are needed.
  private static func finer(_ spacing: Double, side: Int, needed: Int) -> Double {
    guard side < needed else { return spacing }
    // It was half a voxel less long at least.
    let least = spacing * (Double(side) - 0.5)
    return (least / Double(needed)).roundedDown
  }

  /// What images of this size are padded to by the networks that see this patch; themselves where none pads.
  private func padded(_ size: Extent3, for patch: Extent3) -> Extent3 {
    variants.filter { $0.training.patch == patch && $0.model.problems.isEmpty }.map { $0.model.suitable(size) }
      .reduce(size) { Extent3(max($0.depth, $1.depth), max($0.height, $1.height), max($0.width, $1.width)) }
  }

  /// Networks whose layers were planned for another spacing than the prepared images have: a warning each.
  ///
  /// - Parameter spacings: of each prepared image, along D, H and W.
  package func layerNotices(_ spacings: [[Double]]) -> [String] {
    guard preprocessing.spacing == nil, !spacings.isEmpty else { return [] }
    let usual = (0..<3).map { axis in spacings.map { $0[axis] }.sorted()[spacings.count / 2] }
    // Three digits, as one would write it.
    let written = usual.map { Double($0.significant(3)) ?? $0 }
    let lines = variants.indices.compactMap { index -> String? in
      guard let planned = variants[index].model.plannedSpacing,
        zip(planned, usual).contains(where: { max($0, $1) > 1.25 * min($0, $1) })
      else { return nil }
      let path = self.written("spacing", of: "model", variant: index)
      let (own, images) = (
        CanonicalJSON.pretty(.array(planned.map { .number($0) })),
        CanonicalJSON.pretty(.array(written.map { .number($0) }))
      )
      return JSONError.description(
        "the layers follow from \(own) mm, and preprocessing.size makes images of \(images) mm (median); write these"
          + " as model.spacing", at: path, place(of: path))
    }
    return lines.distinct
  }

  /// For each patch, how many images are smaller along some axis, and are padded: a warning, or nothing.
  package func paddingNotices(_ grids: ImageGrids) -> [String] {
    let patches = variants.compactMap(\.training.patch).distinct
    return patches.compactMap { patch in
      let smaller = grids.smaller(than: patch)
      guard !smaller.isEmpty else { return nil }
      return
        "training.patch \(patch): \(smaller.count) of \(Quantity.of(grids.images.count, "image"))"
        + " \(smaller.count == 1 ? "is smaller along some axis and is" : "are smaller along some axis and are") padded with zeros"
        + " (\(DatasetNotice.shortList(smaller)))"
    }
  }
}

extension Double {
  /// To two digits, never upwards; for numbers above 0.
  fileprivate var roundedDown: Double {
    let scale = pow(10, 1 - log10(self).rounded(.down))
    return (self * scale).rounded(.down) / scale
  }
}
