import Compute
import Experiments
import JSON
import Models
import Text
import Volumes

/// What a new study with nnU-Net's recipe takes from its planner (`NNUNetExperiment`): one spacing for all images, and the
/// patches and the batch that every network is trained with.
///
/// Axes are planned in nnU-Net's order, the files' reversed; where files are turned differently, as most of them are.
struct StudyPatches {
  /// Along D, H and W, in millimetres: written to the last digit, as a ratio of two decides what nnU-Net halves.
  let spacing: [Double]
  let patch: Extent3
  let batch: Int
  /// What nnU-Net would plan for a quarter of the memory; nil where that is no smaller.
  let smaller: Extent3?
  private let planned: (patch: Extent3, batch: Int, stages: Int)
  private let isOwn: Bool
  private let median: [Double]
  private let grids: ImageGrids?
  private let survey: DatasetSurvey
  private let memory: String

  /// - Parameters:
  ///   - classes: with the background.
  ///   - memory: bytes of the GPU that is planned for; nil: nnU-Net's 8 GB.
  ///   - own: a patch to take instead of the planned one.
  init(_ survey: DatasetSurvey, classes: Int, memory: Int?, own: Extent3?) throws(StudyRefusal) {
    let order = Self.order(survey)
    let fingerprint = NNUNetFingerprint(
      extents: survey.cases.map { one in order.map { one.extent[$0] } },
      spacings: survey.cases.map { one in order.map { one.spacing[$0] } })
    let target = memory.map { Double($0) / 0x1p30 } ?? NNUNetExperiment.usualMemory
    (self.survey, self.memory) = (survey, "\(StudyGrid.text(target)) GB")
    guard let full = NNUNetExperiment(fingerprint, classes: classes, memory: target) else {
      throw .noPatch(memory: self.memory)
    }
    let places = (0..<3).map { axis in order.firstIndex(of: axis) ?? axis }
    func turned(_ extent: Extent3) -> Extent3 {
      let sides = [extent.depth, extent.height, extent.width]
      return Extent3(sides[places[0]], sides[places[1]], sides[places[2]])
    }
    (spacing, median) = (places.map { full.spacing[$0] }, places.map { full.medianSides[$0] })
    planned = (turned(full.patch), full.batch, full.stages.count)
    let images = Self.grids(survey, spacing)
    grids = images
    var network = NNUNet()
    network.spacing = spacing
    (isOwn, patch) = (own != nil, own ?? Self.divided(planned.patch, network, images))
    batch = isOwn ? NNUNetExperiment.smallestBatch : planned.batch
    let least = ModelConfiguration(SAFNet()).leastSize
    let less = NNUNetExperiment(fingerprint, classes: classes, memory: target / 4).map {
      Self.divided(turned($0.patch), network, images)
    }
    smaller = isOwn ? nil : less.flatMap { [patch] in $0.count < patch.count && $0.holds(least) ? $0 : nil }
    guard patch.holds(least) else { throw .patchTooSmall(patch, least: least) }
    let suitable = network.suitable(patch)
    guard suitable == patch else { throw .patchDoesNotDivide(patch, suitable: suitable) }
  }

  /// A planned patch as the network takes it: itself, but for medians of 7.5 and 11.5 voxels, which nnU-Net does not halve
  /// and then pads to 8 and 12, where the network halves.
  private static func divided(_ patch: Extent3, _ network: NNUNet, _ grids: ImageGrids?) -> Extent3 {
    let longest = grids?.longest ?? patch
    return network.suitable(
      Extent3(
        min(patch.depth, longest.depth), min(patch.height, longest.height), min(patch.width, longest.width)))
  }

  /// What the images become at the spacing.
  private static func grids(_ survey: DatasetSurvey, _ spacing: [Double]) -> ImageGrids? {
    let preprocessing = Preprocessing(spacing: spacing, crop: .none)
    return ImageGrids(
      survey.cases.map { one in
        let sides = SIMD3(one.spacing[0], one.spacing[1], one.spacing[2])
        let extent = Extent3(one.extent[0], one.extent[1], one.extent[2])
        return ImageGrids.Image(
          name: one.name, extent: PreprocessingSteps(preprocessing, for: extent, spacing: sides).extent)
      })
  }

  /// The axes as nnU-Net reads them, the last of the file first: 0 is D, left to right, 1 H, 2 W.
  private static func order(_ survey: DatasetSurvey) -> [Int] {
    let usual = survey.orientations.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
    let axes = usual.reversed().compactMap { code in ["LR", "SI", "AP"].firstIndex { $0.contains(code) } }
    return axes.count == 3 ? axes : [0, 1, 2]
  }

  /// - Throws: where no image is as large.
  func check(_ specification: Specification) throws(StudyRefusal) {
    guard let grids, !specification.patchConflicts(grids).isEmpty else { return }
    throw .patchTooLarge(patch, longest: grids.longest)
  }

  // MARK: In words

  var choices: [StudyChoice] {
    let tenths = zip(["D", "H", "W"], zip(spacing, survey.spacing)).filter { abs($1.0 - $1.1.median) > 1e-6 }.map(\.0)
    let rule =
      tenths.isEmpty ? "median" : "median; along \(tenths.joined()) the 10th percentile, so that slices are kept"
    return [
      StudyChoice("preprocessing.spacing", .array(spacing.map { .number($0) }), rule, short: Self.text(spacing)),
      StudyChoice("preprocessing.crop", "none", "nnU-Net keeps the whole field of view, but for empty borders"),
      StudyGrid.normalise,
    ]
  }

  /// - Parameter training: cases that a fold trains with, at least.
  func training(_ training: Int) -> [StudyChoice] {
    let why =
      isOwn
      ? "--patch; nnU-Net's is \(planned.patch)"
      : patch == planned.patch
        ? "nnU-Net's for \(memory)" : "nnU-Net's \(planned.patch) for \(memory), as its network's halvings divide it"
    let limit =
      batch > training
      ? "all that a fold trains with; nnU-Net's is \(batch)"
      : isOwn ? "nnU-Net's least; for its own patch \(planned.batch)" : "nnU-Net's for that patch"
    let sides = [patch.depth, patch.height, patch.width]
    return [
      StudyChoice(
        "training.patch", .numbers(sides), "\(why); images of that spacing are \(Self.text(median)) in the median")
    ] + StudyTraining.choices(batch: min(batch, training), training: training, because: limit)
  }

  /// What was planned and of what, and what of nnU-Net is not done.
  ///
  /// - Parameter taken: the study's batch.
  func lines(batch taken: Int) -> [String] {
    let cases = "\(Quantity.of(survey.cases.count, "case")) (median \(Self.text(survey.extent.map(\.median))) voxels,"
    let own =
      patch == planned.patch && taken == planned.batch ? "" : "; taken is the patch \(patch), batch \(taken)"
    return [
      "nnU-Net's plan of \(cases) \(Self.text(survey.spacing.map(\.median))) mm), as its 3d_fullres for \(memory):"
        + " spacing \(Self.text(spacing)) mm, patch \(planned.patch), batch \(planned.batch),"
        + " \(Quantity.of(planned.stages, "stage"))\(own).",
      "Not done of it: cropping to what is not 0, 2d, 3d_lowres and its cascade, resampling by splines, SGD, 250,000 steps"
        + " (docs/new.md).",
    ]
  }

  private static func text(_ values: [Double]) -> String { values.map(StudyGrid.text).joined(separator: " x ") }
}

extension Extent3 {
  fileprivate func holds(_ other: Extent3) -> Bool {
    depth >= other.depth && height >= other.height && width >= other.width
  }
}
