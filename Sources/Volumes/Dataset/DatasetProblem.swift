import Compute
import Foundation
import System
import Text

/// One thing that is wrong with a dataset; the words are in `description`, and each names its file.
package enum DatasetProblem: Error, Hashable, Sendable {
  case unreadable(file: String, reason: String, remedy: String = "check the path and its permissions")
  /// A path that is a link to what is not there, or lies below one.
  case deadLink(file: String, DeadLink)
  /// Nothing is where a dataset should be; what stands there has a name like its own.
  case nothingThere(folder: String, nearest: String?)
  /// The same where an experiment names it; in its words what probably was meant, and its field, where an option gives it.
  case lostDataset(folder: String, nearest: String?, elsewhere: String?, option: String? = nil)
  case unknownLayout(folder: String, hint: LayoutHint?)
  /// A layout that was named, and the one that the folder, or the table, has.
  case otherLayout(folder: String, wanted: DatasetLayout, found: DatasetLayout)
  /// A folder or file in which nothing was converted yet.
  case dicom(place: String, DICOMFiles)
  /// Volumes of a format that is not read, and no others.
  case foreign(ForeignVolumes)
  /// A single file in the place of a dataset: an image or anything else; the folder that may be a dataset.
  case fileForDataset(file: String, kind: FileKind? = nil, folder: String)
  /// A dataset in the place of its images or masks; the folders in it that hold them.
  case datasetForVolumes(folder: String, images: [String], masks: [String])
  /// - Parameters:
  ///   - wanted: what the files in it are called.
  ///   - nearest: a folder beside it that may be meant.
  case missingFolder(folder: String, wanted: String, nearest: String? = nil)
  case preprocessed(folder: String)
  /// Each of the two folders under the other's name.
  case exchangedFolders(images: String, labels: String)
  /// MONAI's list of cases in the place of nnU-Net's dataset.json.
  case dataList(file: String, cases: Int)
  case noCases(folder: String, pattern: String)
  /// Files that are not found because their endings are in capitals.
  case capitalEndings(CapitalEndings)
  /// A folder without an image, and folders in it that hold some.
  case volumesInside(folder: String, inside: String)
  /// - Parameter found: where in a folder within the masks' it lies.
  case missingMask(image: String, wanted: String, found: String? = nil)
  /// A folder of masks without any; the first file in it of a format that is not read.
  case noMasks(folder: String, wanted: String, images: Int, found: String?)
  /// Masks whose names have one word more than their images', and what renames them in a shell.
  case addedNames(masks: [String], addition: String, wanted: String, remedy: String)
  /// Several masks of one image, as one for each structure; the first ones, and how many images have such.
  case maskParts(masks: [String], wanted: String, images: Int)
  /// Masks spelled otherwise than their images: each as it is, and as it would be found.
  case otherSpelling(masks: [String], wanted: [String])
  /// Masks whose names are not those of masks here: each as it is, and as it would be found.
  case misnamedMasks(masks: [String], wanted: [String])
  /// A pattern whose star stands for more than the case's name, and the one that pairs all of so many images.
  case widePattern(option: String, given: String, addition: String, wanted: String, images: Int)
  /// A pattern that no file has, and what its folder holds; the pattern that is surely meant.
  case emptyPattern(option: String, given: String, folder: String, files: Int, example: String, wanted: String?)
  /// A star that takes `name`, which names no case; patterns that pair so many images, if there are any.
  case cutPattern(given: String, name: String, images: String?, masks: String?, pairs: Int)
  /// Folders in the place of files; what is wanted for the first of them.
  case foldersForFiles(folders: [String], wanted: String)
  /// - Parameters:
  ///   - found: where in a folder within the images' it lies.
  ///   - near: a file beside it that another channel's number marks, or that begins with the case's name.
  case missingImage(label: String, wanted: String, found: String? = nil, near: String? = nil)
  /// - Parameters:
  ///   - channel: its number.
  ///   - near: a file beside it that begins with the case's name.
  case missingChannel(name: String, channel: Int, wanted: String, near: String? = nil)
  /// A channel that no case has.
  case absentChannel(AbsentChannel)
  /// - Parameter pattern: what the files of one image are called.
  case oneChannelOfMany(file: String, pattern: String)
  /// - Parameter channel: the number of the one that the networks see.
  case otherChannel(file: String, channel: Int, pattern: String)
  case channelsOfLayout(folder: String, layout: String)
  /// A further channel, and the first one, on whose grid it must be.
  case channelApart(channel: String, image: String, reason: String)
  /// - Parameter pattern: what images are called in this layout.
  case misnamedImage(file: String, pattern: String)
  /// A mask that is called as an image of nnU-Net's.
  case misnamedMask(file: String)
  case twoFiles(name: String, first: String, second: String)
  /// A file that was given before, by this path or by another that leads to it.
  case givenTwice(file: String, first: String)
  /// One file as image and as mask of a case.
  case imageAsMask(image: String, label: String)
  case badName(name: String, file: String)
  case badMetadata(file: String, field: String, reason: String)
  /// - Parameter line: 0: all of it.
  case badManifest(file: String, line: Int, reason: String)
  case badSplits(file: String, reason: String)
  /// - Parameter place: the table, or the field with the pattern.
  case badGroups(place: String, reason: String)
  case badPhantom(field: String, reason: String)
  case volume(NIfTIError)
  case shapesDiffer(image: String, imageShape: [Int], label: String, labelShape: [Int])
  case affinesDiffer(image: String, label: String, millimetres: Double, tolerance: Double)
  /// A header without qform and sform, and the other one of image and mask, which has one of them.
  case noPlace(file: String, beside: String)
  /// Most voxels of a mask are of a number that the label map does not know.
  case filledMask(file: String, value: Int)
  /// - Parameters:
  ///   - names: the file of the dataset that names numbers; nil where its layout has none.
  ///   - background: those of `known` that are no structure's.
  case unknownLabels(file: String, values: [Int], known: [Int], names: String? = nil, background: [Int] = [0])
  /// - Parameter slope: by which the header scales what is stored.
  case fractionalLabel(file: String, value: Double, slope: Double = 1)
  /// In the place of a mask; more different numbers than structures are ever drawn.
  case labelIsImage(file: String, most: Int)
  /// The mask of a case in the place of its image, and the image in the mask's.
  case exchanged(image: String, label: String)
  case constantImage(file: String, value: Double)
  case nonFiniteVoxels(file: String, count: Int)
  /// What a spacing would make of an image.
  case gridTooLarge(file: String, extent: Extent3, spacing: [Double])
  case noStructure(file: String)
  /// A label map whose numbers are in no mask.
  case foreignNumbers(ForeignNumbers)
  case sameContent(first: String, second: String)
  /// Another content when a case was prepared than when its dataset was identified.
  case changed(image: String, label: String)
}

extension DatasetProblem {
  /// Whether it is of a dataset's folder, or of the table in its place, and of no file or line in it: who wrote the path
  /// can have meant another.
  package func isOf(root: String) -> Bool {
    switch self {
    case .missingFolder, .dataList, .foreign: true
    case .badManifest(_, let line, _) where line > 0: false
    default: description.hasPrefix("\(root): ")
    }
  }

  /// Whether an address of a network is in the place of a path: its second slash may have been taken for none.
  static func isAddress(_ path: String) -> Bool { path.contains(/\/(https?|ftp|s3|gs):\/+/) }

  /// What leads on from a text that is no list of cases.
  static func remedy(ofText file: String, _ folder: String) -> String {
    // As it would be of the archive that its name promises.
    [.excel, .openDocument].contains(FileKind.archive.named(file)) || file.lowercased().hasSuffix(".tsv")
      ? "save it as CSV (UTF-8), under a name that ends in .csv" : "give \(folder)"
  }

  /// What is refused of a path that the system could not read, by its reason.
  static func unread(_ file: String, reason: String, remedy: String) -> DatasetProblem {
    DeadLink(at: URL(fileURLWithPath: file)).map { .deadLink(file: file, $0) }
      ?? .unreadable(file: file, reason: reason, remedy: remedy)
  }

  static func unread(_ file: URL, _ refusal: RegularFile.Refusal) -> DatasetProblem {
    unread(file.path, reason: refusal.reason, remedy: refusal.remedy(of: file))
  }
}
