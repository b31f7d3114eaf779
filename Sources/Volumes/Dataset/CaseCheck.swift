import Compute
import Foundation
import System

/// Reads a case, checks image against mask, and prepares it for the network.
package struct CaseCheck: Sendable {
  package var labels: LabelMap
  package var preprocessing: Preprocessing

  package init(labels: LabelMap, preprocessing: Preprocessing) {
    (self.labels, self.preprocessing) = (labels, preprocessing)
  }

  /// A case as the network sees it, and what is known of it.
  package struct Checked: Sendable {
    package var prepared: PreparedCase
    package var facts: CaseFacts
  }

  /// The prepared case, or everything that is wrong with it.
  ///
  /// - Parameter contents: what its dataset was identified by; another content is `DatasetProblem.changed`.
  package func prepare(_ one: DatasetCase, of contents: DatasetContents) -> Result<Checked, DatasetErrors> {
    prepareWithTruth(one, of: contents).map(\.checked)
  }

  /// The same with the mask on the image's own grid, from one reading of both files.
  package func prepareWithTruth(
    _ one: DatasetCase, of contents: DatasetContents
  ) -> Result<(checked: Checked, truth: TruthVolume), DatasetErrors> {
    Result { () throws(DatasetErrors) in
      let before = stamps(one)
      let result = Result { () throws(DatasetErrors) in try read(one) }
      // One reading decides: the bytes that were prepared are those of the fingerprint, or the case is refused.
      let source = try DatasetContents.hash(of: one)
      guard source == contents[one.name], before == stamps(one) else {
        throw DatasetErrors([.changed(image: one.image.path, label: one.label.path)])
      }
      var both = try result.get()
      both.checked.facts.source = source
      return both
    }
  }

  private func stamps(_ one: DatasetCase) -> [FileStamp?] {
    (one.images + [one.label]).flatMap { DatasetContents.files(ofVolume: $0) }.map { FileStamp($0) }
  }

  private func read(_ one: DatasetCase) throws(DatasetErrors) -> (checked: Checked, truth: TruthVolume) {
    let (image, mask) = try Self.readBoth(one)
    let further = try Self.readFurther(one, beside: image)
    var problems = Self.agreement(one, image, mask)
    let channels = zip([image] + further, one.images)
    for (channel, file) in channels {
      collect(&problems) { () throws(DatasetProblem) in try Self.finite(channel, file: file) }
    }
    let read = MaskCheck(labels: labels).classes(of: mask, one, problems: &problems)
    if !read.strangers.isEmpty, Self.areExchanged(image, mask) {
      problems = [.exchanged(image: one.image.path, label: one.label.path)]
    }
    let steps = PreprocessingSteps(preprocessing, for: image.geometry)
    var prepared: [Grid3<Float>] = []
    // Each channel is resampled and normalised by itself.
    for (channel, file) in channels where problems.isEmpty {
      collect(&problems) { () throws(DatasetProblem) in
        prepared.append(try steps.image(channel.grid, file: file.path))
      }
    }
    guard problems.isEmpty else { throw DatasetErrors(problems) }
    return (
      finished(one.name, steps, [image] + further, prepared, read),
      TruthVolume(name: one.name, labels: read.classes, geometry: image.geometry)
    )
  }

  private func finished(
    _ name: String, _ steps: PreprocessingSteps, _ channels: [Volume], _ prepared: [Grid3<Float>], _ mask: MaskClasses
  ) -> Checked {
    let image = channels[0]
    let known = zip(channels, prepared).map { channel, prepared in
      ChannelFacts(
        lowest: channel.grid.values.min() ?? 0, highest: channel.grid.values.max() ?? 0,
        isBlank: steps.isBlank(prepared), skew: ChannelFacts.skew(of: channel.grid.values),
        unevenness: mask.classes.unevenness(of: channel.grid, structures: self.labels.classes - 1),
        bulk: BurntVoxels.bulk(of: channel.grid))
    }
    let labels = steps.labels(mask.classes)
    var present = [Bool](repeating: false, count: self.labels.classes)
    for value in labels.values where Int(value) < present.count { present[Int(value)] = true }
    let one = PreparedCase(
      name: name, image: prepared[0], further: Array(prepared.dropFirst()), labels: labels,
      spacing: steps.spacing(of: image.geometry.spacing),
      present: Array(present.dropFirst()))
    var facts = CaseFacts(
      name: name, present: one.present, spacing: [one.spacing.x, one.spacing.y, one.spacing.z],
      imageDigest: one.imageDigest, source: "", extent: image.grid.extent,
      structures: steps.voxels(of: mask.classes, prepared: labels, structures: one.present.count),
      lowest: known[0].lowest, highest: known[0].highest, isBlank: known[0].isBlank)
    facts.skew = known[0].skew
    (facts.unevenness, facts.bulk) = (known[0].unevenness, known[0].bulk)
    facts.mirroredUnevenness = mask.classes.mirroredUnevenness(of: image.grid, structures: self.labels.classes - 1)
    facts.pattern = ImagePattern(image.grid)
    facts.order = VoxelOrder(image.grid)
    if image.placement.isOdd { facts.placement = image.placement }
    if known.count > 1 { facts.further = Array(known.dropFirst()) }
    if !mask.apart.isEmpty { facts.apart = mask.apart }
    facts.merged = mask.merged
    let centres = mask.classes.centres(besides: 0)
    // Four digits tell more than any voxel.
    facts.centres = (1..<self.labels.classes).map { (centres[UInt8($0)] ?? []).map { ($0 * 1e4).rounded() / 1e4 } }
    if preprocessing.spacing != nil { facts.grid = steps.extent }
    facts.maskDigest = mask.classes.digest
    if PredictionInput.areFewWholeNumbers(image.grid.values) { facts.isLikeMask = true }
    if prepared.count > 1, Set(prepared.map { [$0].digest }).count < prepared.count { facts.hasTwinChannels = true }
    facts.voxel = [image.geometry.spacing.x, image.geometry.spacing.y, image.geometry.spacing.z]
    return Checked(prepared: one, facts: facts)
  }

  /// Image and mask of a case as they are stored, on one grid and of finite numbers; or everything that is wrong with them.
  package static func readPair(
    _ one: DatasetCase
  ) throws(DatasetErrors) -> (image: Volume, further: [Volume], mask: Volume) {
    let both = try readBoth(one)
    var problems = agreement(one, both.image, both.mask)
    for (volume, file) in [(both.image, one.image), (both.mask, one.label)] {
      do throws(DatasetProblem) { try finite(volume, file: file) } catch { problems.append(error) }
    }
    let further = try readFurther(one, beside: both.image)
    for (volume, file) in zip(further, one.further) {
      do throws(DatasetProblem) { try finite(volume, file: file) } catch { problems.append(error) }
    }
    guard problems.isEmpty else { throw DatasetErrors(problems) }
    return (both.image, further, both.mask)
  }

  /// The channels besides the first, on its grid.
  private static func readFurther(_ one: DatasetCase, beside image: Volume) throws(DatasetErrors) -> [Volume] {
    try channels(one.further, beside: image.geometry, of: one.image, \.geometry) { file throws(DatasetErrors) in
      do throws(NIfTIError) { return try NIfTI.read(file) } catch { throw DatasetErrors([.volume(error)]) }
    }
  }

  /// Further channels of an image, all on the grid of the first.
  static func channels<Content>(
    _ files: [URL], beside geometry: Geometry, of image: URL, _ place: (Content) -> Geometry,
    read: (URL) throws(DatasetErrors) -> Content
  ) throws(DatasetErrors) -> [Content] {
    try DatasetErrors.collect(
      files.map { file in
        Result { () throws(DatasetErrors) in
          let one = try read(file)
          let own = place(one)
          guard let reason = GeometryMatch(own, on: geometry).difference(own, geometry) else { return one }
          throw DatasetErrors([.channelApart(channel: file.path, image: image.path, reason: reason)])
        }
      })
  }

  private static func readBoth(_ one: DatasetCase) throws(DatasetErrors) -> (image: Volume, mask: Volume) {
    let volumes = [one.image, one.label].map { file in
      Result { () throws(NIfTIError) in try NIfTI.read(file) }.mapError { DatasetErrors([.volume($0)]) }
    }
    let both = try DatasetErrors.collect(volumes)
    return (both[0], both[1])
  }

  /// Same voxels in the same places?
  private static func agreement(_ one: DatasetCase, _ picture: Volume, _ drawn: Volume) -> [DatasetProblem] {
    let (image, mask) = (picture.geometry, drawn.geometry)
    switch GeometryMatch(mask, on: image) {
    case .same: return []
    case .turned where image.shape == mask.shape, .away:
      if picture.placement.isAssumed != drawn.placement.isAssumed {
        let files = picture.placement.isAssumed ? (one.image, one.label) : (one.label, one.image)
        return [.noPlace(file: files.0.path, beside: files.1.path)]
      }
      let distance = image.affine.greatestDistance(to: mask.affine, shape: image.shape)
      let tolerance = GeometryMatch.tolerance * image.spacing.min()
      return [
        .affinesDiffer(
          image: one.image.path, label: one.label.path, millimetres: distance, tolerance: tolerance)
      ]
    case .turned, .otherShape:
      return [
        .shapesDiffer(
          image: one.image.path, imageShape: image.shape, label: one.label.path, labelShape: mask.shape)
      ]
    }
  }

  /// The images that are the same picture as an earlier one.
  package static func duplicates(_ images: [(file: URL, digest: String)]) -> [DatasetProblem] {
    var first: [String: URL] = [:]
    return images.compactMap { image in
      if let known = first[image.digest] { return .sameContent(first: known.path, second: image.file.path) }
      first[image.digest] = image.file
      return nil
    }
  }

  package static func finite(_ volume: Volume, file: URL) throws(DatasetProblem) {
    let count = volume.grid.values.count { !$0.isFinite }
    guard count == 0 else { throw .nonFiniteVoxels(file: file.path, count: count) }
  }

  /// Whether the image has no more numbers than a mask has, and the mask those of an image.
  package static func areExchanged(_ image: Volume, _ mask: Volume) -> Bool {
    guard PredictionInput.areFewWholeNumbers(image.grid.values),
      !PredictionInput.areFewWholeNumbers(mask.grid.values)
    else { return false }
    return Set(mask.grid.values).count > greyValues
  }

  /// More numbers than a mask holds whose image holds 32 at most.
  private static let greyValues = 64

  private func collect(_ problems: inout [DatasetProblem], _ check: () throws(DatasetProblem) -> Void) {
    do { try check() } catch { problems.append(error) }
  }
}
