import Compute
import Foundation
import System
import Text

/// One thing that is wrong with a dataset; the words are in `description`, and each names its file.
package enum DatasetProblem: Error, Hashable, Sendable {
  case unreadable(file: String, reason: String)
  /// A file that is a link to what is not there, or lies below one.
  case deadLink(file: String, DeadLink)
  /// Nothing is where a dataset should be; what stands there has a name like its own.
  case nothingThere(folder: String, nearest: String?)
  /// The same where an experiment names it, in `field`; in its words what probably was meant.
  case lostDataset(folder: String, field: String, nearest: String?, elsewhere: String?)
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
  /// A pattern whose star stands for more than the case's name, and the one that pairs all of so many images.
  case widePattern(option: String, given: String, addition: String, wanted: String, images: Int)
  /// A pattern that no file has, and what its folder holds; the pattern that is surely meant.
  case emptyPattern(option: String, given: String, folder: String, files: Int, example: String, wanted: String?)
  /// A star that takes `name`, which names no case; patterns that pair so many images, if there are any.
  case cutPattern(given: String, name: String, images: String?, masks: String?, pairs: Int)
  /// Folders in the place of files; what is wanted for the first of them.
  case foldersForFiles(folders: [String], wanted: String)
  /// - Parameter found: where in a folder within the images' it lies.
  case missingImage(label: String, wanted: String, found: String? = nil)
  /// - Parameter channel: its number.
  case missingChannel(name: String, channel: Int, wanted: String)
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
  case unknownLabels(file: String, values: [Int], known: [Int])
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
  case sameContent(first: String, second: String)
  /// Another content when a case was prepared than when its dataset was identified.
  case changed(image: String, label: String)
}

extension DatasetProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let file, let reason):
      "\(file): cannot be read (\(reason)); check the path and its permissions\(Self.slashes(file))"
    case .deadLink(let file, let link):
      "\(file): \(link.link == file ? "is" : "lies below \(link.link),") a link to \(link.target), which is not there; \(Self.remedyOfLinks)"
    case .nothingThere(let folder, let nearest):
      "\(folder): there is no such file or folder\(nearest.closingHint) Correct the path\(Self.slashes(folder))"
    case .lostDataset(let folder, let field, let nearest, let elsewhere):
      "\(folder): there is no such file or folder, and \(field) names it\(nearest.closingHint) "
        + "If it was moved\(elsewhere.map { ", perhaps to \($0)" } ?? ""), write its new path there, and finished runs of this workspace"
        + " stay finished; else correct the path, which counts from the experiment's folder\(Self.slashes(folder))"
    case .unknownLayout(let folder, let hint): "\(folder): no known layout; \(hint?.words ?? Self.layouts)"
    case .otherLayout(let folder, let wanted, let found):
      "\(folder): is of \(found.title), and the layout \(wanted.rawValue) was named; name \(found.rawValue), or none"
        + " (dataset.layout in an experiment)"
    case .dicom(let place, let files):
      files.example == place
        ? "\(place): is DICOM; \(files.remedy)" : "\(place): holds DICOM (\(files.example)); \(files.remedy)"
    case .foreign(let volumes): volumes.words
    case .missingFolder(let folder, let wanted, let nearest):
      "\(folder): this folder is missing; files named \(wanted) are wanted in it"
        + (nearest.map { ". Rename \($0), if that is it" } ?? "")
    case .preprocessed(let folder):
      "\(folder): holds cases that nnU-Net has cropped and resampled already; give the folder that it made them of, in"
        + " nnUNet_raw, with imagesTr and labelsTr"
    case .exchangedFolders(let images, let labels):
      "\(images): holds what is named as masks, and \(labels) what is named as images: the two folders are exchanged; type"
        + " mv \(ShellWord.quoted(images)) \(ShellWord.quoted(images + ".other")) && mv \(ShellWord.quoted(labels))"
        + " \(ShellWord.quoted(images)) && mv \(ShellWord.quoted(images + ".other")) \(ShellWord.quoted(labels))"
    case .dataList(let file, let cases):
      "\(file): is a list of \(Quantity.of(cases, "case")) as MONAI reads it, and cases are listed in a CSV file of"
        + " case,image,label here; write it with `\(DataList.remedy(file))`, and give study.csv"
    case .fileForDataset(let file, let kind, let folder):
      "\(file): it \(kind?.words ?? "is one file"), and a dataset is a folder, or a CSV file of case,image,label;"
        + " \(kind?.tableRemedy(columns: Array(ManifestHead.columns.prefix(3))) ?? "give \(folder)")"
    case .datasetForVolumes(let folder, let images, let masks):
      "\(folder): it is a dataset; give a folder of it: "
        + [("its images are in", images), ("its masks in", masks)].filter { !$1.isEmpty }
        .map { "\($0) \($1.joined(separator: " and "))" }.joined(separator: ", ")
    case .noCases(let folder, let pattern):
      "\(folder): no image is named \(pattern); name them so, or give the folder in which they are"
    case .capitalEndings(let endings): endings.words
    case .volumesInside(let folder, let inside):
      "\(folder): no image lies in it, and folders in it are not looked into: \(inside); give one of these folders, or its images"
    case .missingMask(let image, let wanted, let found):
      "\(image): its mask \(wanted) is missing; \(found.map { Self.lower($0, wanted) } ?? "add it or remove the image")"
    case .noMasks(let folder, let wanted, let images, let found):
      found.map {
        "\(folder): holds no NIfTI file, but \($0); convert the masks to .nii.gz (docs/interchange.md has the line for SimpleITK)"
      }
        ?? "\(folder): holds no mask, and \(images) images wait for one each; put them there, as \(wanted) for the first. To segment"
        + " images by a network that is trained, type safnet predict"
    case .addedNames(let masks, let addition, let wanted, let remedy):
      "\(DatasetNotice.shortList(masks, of: "masks")): named with \(addition), which their images' names have not; as"
        + " \(wanted) the first is found. To rename them, type: \(remedy)"
    case .maskParts(let masks, let wanted, let images):
      "\(DatasetNotice.shortList(masks, of: "masks")) are of one image\(images > 1 ? ", as others are of \(images - 1) more" : "");"
        + " a mask is one file with a number of its own for each structure: merge them into \(wanted), or keep the one that is"
        + " meant under that name"
    case .otherSpelling(let masks, let wanted):
      "\(DatasetNotice.shortList(masks, of: "masks")): spelled otherwise than \(masks.count == 1 ? "its image" : "their images"),"
        + " whose masks are \(DatasetNotice.shortList(wanted)) here; rename them"
    case .widePattern(let option, let given, let addition, let wanted, let images):
      "\(given): the star stands for the case's name alone, by which images and masks are paired, and here it takes \(addition)"
        + " too, which the other names have not; give \(option) \(ShellWord.quoted(wanted)), which pairs"
        + " \(Quantity.of(images, "image"))"
    case .emptyPattern(let option, let given, let folder, let files, let example, let wanted):
      "\(option) \(ShellWord.quoted(given)) finds no file: \(folder) holds \(Quantity.of(files, "volume")) of other names, such as"
        + " \(example); "
        + (wanted.map { "give \(option) \(ShellWord.quoted($0))" }
          ?? "write such a name with * in the place of the case's own")
    case .cutPattern(let given, let name, let images, let masks, let pairs):
      "\(given): the star stands for the case's whole name, by which images and masks are paired, and here it takes \(name), which"
        + " names none; "
        + (images.flatMap { images in
          masks.map { masks in
            "give --images \(ShellWord.quoted(images)) --masks \(ShellWord.quoted(masks)), which pairs"
              + " \(Quantity.of(pairs, "image"))"
          }
        } ?? "write both patterns so that it takes the same text of an image and of its mask, from a letter or digit on")
    case .foldersForFiles(let folders, let wanted):
      "\(DatasetNotice.shortList(folders, of: "folders")): folders in it are not looked into; one file is wanted for each,"
        + " \(wanted) for the first (of several masks for one image, merged into one with a number for each structure)"
    case .missingImage(let label, let wanted, let found):
      "\(label): its image \(wanted) is missing; \(found.map { Self.lower($0, wanted) } ?? "add it or remove the mask")"
    case .missingChannel(_, let channel, let wanted):
      "\(wanted): channel \(channel) of this case is missing; add it, or take the case or the channel out (dataset.channels, and"
        + " channel_names in dataset.json)"
    case .oneChannelOfMany(let file, let pattern):
      "\(file): the networks see several channels of an image, and this is one file; name them \(pattern), and give their"
        + " folder or one of them"
    case .otherChannel(let file, let channel, let pattern):
      "\(file): its name is another channel's, and the networks see channel \(channel) alone; give \(pattern), or the image"
        + " under a name without a channel's number"
    case .channelsOfLayout(let folder, let layout):
      "\(folder): dataset.channels names channels, and the images of the layout \(layout) have one here; leave it out, lay"
        + " the images out as nnU-Net does (NAME_0000.nii.gz, NAME_0001.nii.gz), or name their files in a manifest (a CSV file of"
        + " case,image:T1,image:T2,label)"
    case .channelApart(let channel, let image, let reason):
      "\(channel): \(reason) its first channel \(image); register and resample it onto that grid"
    case .misnamedImage(let file, let pattern):
      "\(file): not taken, because images are named \(pattern) here; rename it"
    case .misnamedMask(let file):
      "\(file): its name is an image's, with a channel's number, which a mask has not; rename it without _0000"
    case .twoFiles(let name, let first, let second): "\(second): case \(name) is already \(first); keep one of the two"
    case .givenTwice(let file, let first):
      file == first
        ? "\(file): is given twice; give it once"
        : "\(file): is the file \(first), which is given too; give one of the two"
    case .imageAsMask(let image, let label):
      image == label
        ? "\(label): is named as the image and as the mask of one case; give its mask's own file"
        : "\(label): leads to the image \(image), whose mask it should be; put the mask there"
    case .badName(let name, let file):
      "\(file): \"\(name)\" cannot name a case; use letters, digits, and . _ - +, beginning with a letter or digit,"
        + " in at most \(VolumeFolder.longestName) bytes"
    case .badMetadata(let file, let field, let reason): "\(file): \(field): \(reason)"
    case .badManifest(let file, let line, let reason):
      line == 0 ? "\(file): \(reason)" : "\(file): line \(line): \(reason)"
    case .badSplits(let file, let reason): "\(file): \(reason)"
    case .badGroups(let place, let reason): "\(place): \(reason)"
    case .badPhantom(let field, let reason): "phantom.\(field): \(reason)"
    case .volume(let error): error.description
    case .shapesDiffer(let image, let imageShape, let label, let labelShape):
      "\(label): has \(labelShape) voxels, its image \(image) has \(imageShape); resample the mask onto the image"
    case .affinesDiffer(let image, let label, let millimetres, let tolerance):
      "\(label): lies up to \(rounded(millimetres)) mm off its image \(image) (allowed: \(rounded(tolerance)) mm);"
        + " correct its affine, or resample the mask onto the image"
    case .noPlace(let file, let beside):
      "\(file): its header does not say where the voxels lie (qform_code and sform_code are 0), and that of \(beside) does; look"
        + " whether both show the same grid, then copy the affine of that one into this one"
    case .filledMask(let file, let value):
      "\(file): most of its voxels are \(value), as if that were background, which is 0; write 0 in the place of \(value), and a"
        + " number of its own for a structure that is 0 here"
    case .unknownLabels(let file, let values, let known):
      "\(file): holds the labels \(values), which the label map does not know (it knows \(known)); \(Self.remedy(of: values, known))"
    case .labelIsImage(let file, let most):
      "\(file): holds more than \(most) different numbers, as an image does and no mask; put the mask of this case there"
    case .exchanged(let image, let label):
      "\(label): is an image, and what stands as its image, \(image), is a mask: the two are exchanged; where a table lists them,"
        + " exchange the names of its columns image and label, else give each of the two files the other's name"
        + Self.exchange(image, label)
    case .fractionalLabel(let file, let value, let slope):
      "\(file): holds the label \(Self.short(value)), which is not a whole number; "
        + (slope == 1
          ? Self.remedy(ofFraction: value)
          : "the header's scl_slope, \(Self.short(slope)), scales the numbers that are stored: set scl_slope to 1 and scl_inter to 0")
    case .constantImage(let file, let value):
      "\(file): a constant image, every voxel that is kept is \(value); replace it or remove the case"
    case .nonFiniteVoxels(let file, let count):
      "\(file): \(count) \(count == 1 ? "voxel is not a finite number" : "voxels are not finite numbers"); repair or"
        + " remove the case"
    case .gridTooLarge(let file, let extent, let spacing):
      "\(file): resampled to \(spacing.map { "\($0)" }.joined(separator: " x ")) mm it would have \(extent) voxels, more"
        + " than \(PreprocessingSteps.longestSide) along an axis; take a coarser preprocessing.spacing, or correct the"
        + " spacing in its header"
    case .noStructure(let file):
      "\(file): no structure of the label map has a voxel in it; correct the mask, remove it and its image, or leave the case"
        + " out by dataset.exclude"
    case .sameContent(let first, let second) where first == second:
      "\(second): two cases have this one image; give each its own, or take one of them out"
    case .sameContent(let first, let second): "\(second): the same image as \(first); remove one of the two cases"
    case .changed(let image, let label):
      "\(image) or \(label): changed while the dataset was being read; wait until its writer is done, then give the"
        + " same command again"
    }
  }

  /// Of a mask with this number, by which its header tells whether the number is stored at all.
  package static func fraction(_ value: Double, in file: URL) -> DatasetProblem {
    let scaling = (try? NIfTI.claimedLayout(file))?.scaling
    return .fractionalLabel(file: file.path, value: value, slope: scaling?.slope ?? 1)
  }

  /// What is refused of a path that the system could not read, by its reason.
  static func unread(_ file: String, reason: String) -> DatasetProblem {
    DeadLink(at: URL(fileURLWithPath: file)).map { .deadLink(file: file, $0) }
      ?? .unreadable(file: file, reason: reason)
  }

  /// What to do about numbers of masks that the label map does not know.
  static func remedy(of values: [Int], _ known: [Int]) -> String {
    (values.allSatisfy { $0 < 0 }
      ? "no structure can have a number below 0: correct the mask"
      : "name them in dataset.json, or name all labels anew in dataset.labels of the experiment, where a list, as \"background\":"
        + " [0, 9], leaves 9 out; or correct the mask"
        + (values.contains { $0 < 0 } ? ", as for those below 0, which no structure can have" : ""))
      + (values == [255] && known.count == 2 ? ". Of a mask of 0 and 255, 255 is the number of its structure" : "")
  }

  static let remedyOfLinks =
    "fetch it (git annex get, datalad get), mount its disk, or put the file itself in the link's place"

  private static func lower(_ found: String, _ wanted: String) -> String {
    "it lies in a folder too low, which is not looked into: mv \(ShellWord.quoted(found)) \(ShellWord.quoted(wanted))"
  }

  private static let layouts =
    "it needs MR/ and Mask/ (MRSpineSeg), dataset.json with imagesTr/ and labelsTr/ (nnU-Net), sub-*/ and derivatives/"
    + " (BIDS), or one CSV file with the columns case, image, label"

  /// A hint where a path was written as Windows does, or as a shell reads it.
  static func slashes(_ path: String) -> String {
    path.contains("\\")
      ? " (folders are separated by /, and \\ is a part of a name)"
      : path.contains("$") ? " (variables such as $HOME are a shell's: write the path itself)" : ""
  }

  private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

  /// As it was written, where it was written with single precision.
  private static func short(_ value: Double) -> String {
    Double(Float(value)) == value ? "\(Float(value))" : "\(value)"
  }

  private static func remedy(ofFraction value: Double) -> String {
    if (value - value.rounded()).magnitude < 1e-3 {
      return "round the mask, and save it as whole numbers (uint8, int16)"
    }
    return 0 < value && value < 1
      ? "if these are probabilities, write 1 from 0.5 on and 0 below; if the mask was resampled, do it by nearest neighbour"
      : "correct it, and resample masks by nearest neighbour"
  }
}
