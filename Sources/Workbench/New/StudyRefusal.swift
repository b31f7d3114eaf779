import Compute
import Text

/// A dataset that no study can be made of, though each of its files is sound.
package enum StudyRefusal: Error, Equatable, CustomStringConvertible {
  case tooFewCases(folder: String, cases: Int, patients: Int)
  /// What is wrong with the structures of the masks taken together.
  case structures(folder: String, problems: [String])
  /// A mask of grey values: so many numbers that nothing names, and no other mask has.
  case imageAmongMasks(file: String, numbers: Int)
  case tooManyNumbers(file: String, numbers: Int)
  /// Not even the coarsest grid does.
  case doesNotFit(size: String, needed: Int, free: Int)
  /// nnU-Net's planner finds none.
  case noPatch(memory: String)
  case patchTooSmall(Extent3, least: Extent3)
  case patchDoesNotDivide(Extent3, suitable: Extent3)
  case patchTooLarge(Extent3, longest: Extent3)
  /// What `dataset check` would report, as it says it.
  case problems([String])

  package var description: String {
    switch self {
    case .tooFewCases(let folder, let cases, let patients):
      "\(folder): \(Quantity.of(cases, "case")) of \(Quantity.of(patients, "patient"));"
        + " a study takes three at least, to train, to choose the checkpoint and to test with. Add some"
    case .structures(let folder, let problems):
      "\(folder): \(problems.joined(separator: "; ")); merge or take out some in the dataset"
    case .imageAmongMasks(let file, let numbers):
      "\(file): \(numbers) numbers that no other mask holds and nothing names: it looks like an image; put the mask in its"
        + " place, or remove the case"
    case .tooManyNumbers(let file, let numbers):
      "\(file): \(numbers) numbers that nothing names: it looks like an image; put masks in its place, or name what the"
        + " numbers mean in dataset.json"
    case .doesNotFit(let size, let needed, let free):
      "even at \(size) and batch 1 a run takes \(Quantity.bytes(needed)) of memory, and \(Quantity.bytes(free)) may be taken;"
        + " free some, or plan for another machine with --memory"
    case .noPatch(let memory):
      "nnU-Net plans no patch in three dimensions: the images have one slice in the median, or no patch fits \(memory);"
        + " leave out --recipe nnunet, or plan for more with --memory"
    case .patchTooSmall(let patch, let least):
      "a patch of \(patch) is too small for SAFNet's strides, which take \(least) at least; give a larger --patch, or leave"
        + " out --recipe nnunet, so that networks see whole images"
    case .patchDoesNotDivide(let patch, let suitable):
      "--patch \(patch) cannot be halved as often as nnU-Net's rules say; give"
        + " \(suitable.depth),\(suitable.height),\(suitable.width)"
    case .patchTooLarge(let patch, let longest):
      "--patch \(patch): no image is as large, the longest sides are \(longest) at the planned spacing; give a smaller one"
    case .problems(let lines):
      lines.count == 1 ? lines[0] : "\(lines.count) problems in the dataset:\n" + lines.joined(separator: "\n")
    }
  }
}
