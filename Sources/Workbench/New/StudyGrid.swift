import Compute
import JSON
import Models
import Text
import Volumes

/// The grid that all images of a new study are prepared to: their median size, made coarser until it fits.
///
/// nnU-Net's planner begins with the median size and spacing too, and makes a configuration of low resolution by lengthening
/// the spacing, step by step by 3 %: of the axes with less than half the longest spacing while there are such, else of all
/// (`ExperimentPlanner` of nnunetv2 2.8). It cuts patches where an image does not fit; here networks see whole images, so
/// the resolution gives way instead.
struct StudyGrid {
  let survey: DatasetSurvey
  /// Whether the middle half of W holds all labelled voxels of every case.
  let crop: Preprocessing.Crop
  /// Median sides of what is kept of an image, and its spacing.
  private let sides: [Double]
  private let spacing: [Double]
  /// Whether slices are few enough apart in number to be padded to the most.
  private let pads: Bool
  /// The grids to try, the finest first; at least one.
  private(set) var candidates: [Candidate] = []

  init(_ survey: DatasetSurvey) {
    self.survey = survey
    let fits = survey.cases.allSatisfy { one in
      let half = max(one.extent[2] / 2, 1)
      let first = (one.extent[2] - half) / 2
      return one.columns[0] >= first && one.columns[1] < first + half
    }
    crop = fits ? .halfWidth : .none
    let depth = survey.extent[0]
    pads = depth.most <= 1.25 * depth.median
    let width = survey.extent[2].median / (fits ? 2 : 1)
    sides = [pads ? depth.most : depth.median, survey.extent[1].median, width]
    spacing = survey.spacing.map(\.median)
    candidates = Self.candidates(self)
  }

  /// A grid to try.
  struct Candidate: Equatable {
    var size: Extent3
    var depth: Preprocessing.Depth
    /// Of the prepared image, to a thousandth of a millimetre.
    var spacing: [Double]
  }

  private static let step = 1.03
  /// In-plane sides are whole multiples of this: four halvings, as SAFNet's encoder makes.
  private static let multiple = 16
  /// Below this nothing of a structure is left to see, and the deepest map has one position: of an image that is larger.
  private static let least = 32
  private static let most = 2048

  /// From the median size down to the smallest that a network can see anything in.
  private static func candidates(_ grid: StudyGrid) -> [Candidate] {
    var factors = [1.0, 1, 1]
    var found = [grid.candidate(factors)]
    while let last = found.last, factors[0] < 1e3 {
      guard [last.size.depth, last.size.height, last.size.width].contains(where: { $0 > least }) else { break }
      let lengths = (0..<3).map { grid.spacing[$0] * factors[$0] }
      let longest = lengths.max() ?? 0
      let finer = (0..<3).filter { longest / lengths[$0] > 2 }
      for axis in finer.isEmpty ? [0, 1, 2] : finer { factors[axis] *= step }
      let next = grid.candidate(factors)
      if next != last { found.append(next) }
    }
    return found
  }

  private func candidate(_ factors: [Double]) -> Candidate {
    let depth = pads && factors[0] == 1 ? Preprocessing.Depth.padOrCrop : .resample
    func inPlane(_ axis: Int) -> Int {
      let multiple = Self.multiple
      let side = Int((sides[axis] / factors[axis] / Double(multiple)).rounded()) * multiple
      // Where there are no more than so many, nothing is gained by making voxels up between them.
      let least = sides[axis] <= Double(multiple) ? multiple : Self.least
      return min(max(side, least), Self.most)
    }
    let slices = min(max(Int((sides[0] / factors[0]).rounded()), 1), Self.most)
    var size = Extent3(slices, inPlane(1), inPlane(2))
    // Rounding up for nnU-Net's halvings makes the spacing finer, which may ask for another halving.
    for _ in 0..<8 {
      let suitable = NNUNet.suitable(size, spacing: spacing(at: size, depth))
      if suitable == size { break }
      size = suitable
    }
    // Rounded up again to every slice there is.
    let keepsAll = pads && size.depth == Int(sides[0])
    return Candidate(size: size, depth: keepsAll ? .padOrCrop : depth, spacing: spacing(at: size, depth))
  }

  private func spacing(at size: Extent3, _ depth: Preprocessing.Depth) -> [Double] {
    let ratios = [
      depth == .resample ? sides[0] / Double(size.depth) : 1, sides[1] / Double(size.height),
      sides[2] / Double(size.width),
    ]
    return (0..<3).map { max((spacing[$0] * ratios[$0] * 1000).rounded() / 1000, 0.001) }
  }

  // MARK: In words

  func choices(_ chosen: Candidate, memory: String) -> [StudyChoice] {
    let size = [chosen.size.depth, chosen.size.height, chosen.size.width]
    let median = survey.extent.map { Self.text($0.median) }.joined(separator: " x ")
    let kept = crop == .halfWidth ? ", W halved" : ""
    let coarser = chosen == candidates.first ? "fits" : "made coarser until it fits"
    let why = "median \(median)\(kept); \(coarser) \(memory); H and W divide by 16, all as nnU-Net halves them"
    let depths = survey.extent[0]
    let slices =
      depths.least == depths.most
      ? Quantity.of(Int(depths.most), "slice") : "\(Self.text(depths.least)) to \(Self.text(depths.most)) slices"
    let depthWhy =
      chosen.depth == .padOrCrop
      ? "\(slices): all are kept, and empty ones added up to size" : "\(slices), resampled to \(chosen.size.depth)"
    return [
      StudyChoice("preprocessing.size", .numbers(size), why),
      StudyChoice(
        "preprocessing.crop", .string(crop.rawValue),
        crop == .none
          ? "labelled voxels lie outside the middle half from front to back"
          : "the middle half from front to back holds every labelled voxel of every case"),
      StudyChoice("preprocessing.depth", .string(chosen.depth.rawValue), depthWhy),
      Self.normalise,
    ]
  }

  static let normalise = StudyChoice(
    "preprocessing.normalise", "volume", "each image by its own mean and deviation, as nnU-Net does for MRI")

  static func text(_ number: Double) -> String { CanonicalJSON.text((number * 1000).rounded() / 1000) }
}

extension NNUNet {
  fileprivate static func suitable(_ size: Extent3, spacing: [Double]) -> Extent3 {
    var network = NNUNet()
    network.spacing = spacing
    return network.suitable(size)
  }
}
