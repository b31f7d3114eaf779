import Foundation
import System

/// Why a NIfTI file was refused: which file, which field, what was found; the words are in `description`.
package enum NIfTIError: Error, Hashable, Sendable {
  case cannotOpen(file: String, reason: String, remedy: String)
  /// In words, which link leads where, and what to do about it.
  case deadLink(file: String, words: String)
  case isFolder(file: String)
  case unknownExtension(file: String)
  case missingPart(file: String, wanted: String)
  case foreign(file: String, ForeignContent)
  case notGzip(file: String)
  case hiddenGzip(file: String)
  case truncatedHeader(file: String, bytes: Int, wanted: Int)
  case notNIfTI(file: String, headerSize: Int)
  case analyze(file: String)
  case badMagic(file: String, found: String, wanted: String)
  case changedLineEnds(file: String)
  case badDimension(file: String, field: String, value: Int, allowed: ClosedRange<Int>)
  case tooManyVoxels(file: String, dimensions: [Int], limit: Int)
  case noMemory(file: String, dimensions: [Int], needed: Int, free: Int)
  case severalVolumes(file: String, dimensions: [Int])
  case unsupportedType(file: String, code: Int, name: String)
  case badBits(file: String, value: Int, wanted: Int)
  case badOffset(file: String, value: Double, smallest: Int)
  case badNumber(file: String, field: String, value: Double)
  case badQuaternion(file: String, squares: Double)
  case badCode(file: String, field: String, value: Int)
  case flatAffine(file: String, from: String)
  case truncated(file: String, bytes: Int, wanted: Int)
  case truncatedGzip(file: String, bytes: Int, wanted: Int)
  case corruptGzip(file: String, reason: String)
  case tooLong(file: String, wanted: Int, allowed: Int)
  case refusedByLibrary(file: String)
  case changedWhileRead(file: String)
  case cannotWrite(file: String, reason: String)
  case noFolder(file: String, folder: String)
  /// `remedy`: of that reason.
  case refusedBySystem(file: String, reason: String, remedy: String)
}

extension NIfTIError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .hiddenGzip, .unknownExtension: CapitalEndings([URL(fileURLWithPath: file)])?.words ?? "\(file): \(problem)"
    default: "\(file): \(problem)"
    }
  }

  private var problem: String {
    switch self {
    case .deadLink(_, let words): words
    case .cannotOpen(_, let reason, let remedy): "cannot be opened (\(reason)); \(remedy)"
    case .isFolder: "is a folder; give one image in it"
    case .unknownExtension:
      "not a NIfTI name; it must end in .nii, .nii.gz, .hdr or .img (docs/interchange.md says what converts .mha and .nrrd)"
    case .missingPart(_, let wanted): "its other half \(wanted) is missing; a header/image pair needs both files"
    case .foreign(_, let content): content.words
    case .notGzip: "named .gz but its content is not gzip; rename it without .gz, or fetch it again"
    case .hiddenGzip: "its content is gzip but its name does not say so; rename it to end in .gz"
    case .refusedByLibrary: "niftilib cannot read it although its header is sound; convert it with another tool"
    case .changedWhileRead: "changed while it was read; wait until its writer is done, then try again"
    case .cannotWrite(_, let reason): "cannot be written (\(reason)); check free space and permissions"
    case .noFolder(_, let folder):
      "cannot be written: there is no folder \(folder); "
        + (DeadLink(at: URL(fileURLWithPath: folder)).map { "\($0.words): \($0.remedy())" }
          ?? "make it (mkdir -p) or give another")
    case .refusedBySystem(_, let reason, let remedy): "cannot be written: \(reason.lowercased()). \(remedy)"
    case .truncatedHeader(_, let bytes, let wanted):
      "ends after \(bytes) bytes, before its header of \(wanted) bytes is complete; fetch it again"
    case .notNIfTI(_, let size): "sizeof_hdr is \(size), not 348 (NIfTI-1) or 540 (NIfTI-2); this is not a NIfTI file"
    case .analyze: "an ANALYZE 7.5 file: it does not say where its voxels lie; convert it to NIfTI"
    case .badMagic(_, let found, let wanted):
      "magic is \"\(found)\", which is not \"\(wanted)\"; the file is damaged or has the wrong extension"
    case .changedLineEnds:
      "magic's line ends were changed by a transfer in text mode, and voxels with them; fetch it again as binary"
    case .badDimension(_, let field, let value, let allowed):
      "\(field) is \(value), allowed is \(allowed.lowerBound) to \(allowed.upperBound); the header is damaged"
    case .tooManyVoxels(_, let dimensions, let limit):
      "dim \(dimensions) is more than \(limit) voxels; the header is damaged, or the image must be cut up"
    case .noMemory(_, let dimensions, let needed, let free):
      "dim \(dimensions) takes \(needed >> 20) MiB of memory to read, \(free >> 20) MiB are free; the header is"
        + " damaged, or other programs must end first"
    case .severalVolumes(_, let dimensions): "dim \(dimensions) is a series of volumes; extract one volume first"
    case .unsupportedType(_, let code, let name):
      "datatype \(code) (\(name)) is not one real number per voxel of at most 64 bits; convert it, to float32 say"
    case .badBits(_, let value, let wanted): "bitpix is \(value), but the datatype has \(wanted); the header is damaged"
    case .badOffset(_, let value, let smallest):
      "vox_offset is \(value), not a whole number of at least \(smallest); the header is damaged"
    case .badNumber(_, let field, let value): "\(field) is \(value), not a usable number; repair the header"
    case .badQuaternion(_, let squares):
      "quatern_b, c, d have the squared length \(squares), more than 1: no rotation; repair the qform"
    case .badCode(_, let field, let value): "\(field) is \(value), not a known code; repair the header"
    case .flatAffine(_, let from): "the affine (from \(from)) is singular: voxels have no volume; repair the header"
    case .truncated(_, let bytes, let wanted):
      "has \(bytes) bytes where its header claims \(wanted); it is truncated: fetch it again"
    case .truncatedGzip(_, let bytes, let wanted):
      "its gzip stream breaks off after \(bytes) of \(wanted) bytes; it is truncated: fetch it again"
    case .corruptGzip(_, let reason): "its gzip stream is damaged (\(reason)); fetch it again"
    case .tooLong(_, let wanted, let allowed):
      "goes on more than \(allowed) bytes past the \(wanted) its header claims; the header is damaged"
    }
  }

  /// The file at fault.
  package var file: String {
    switch self {
    case .cannotOpen(let file, _, _), .deadLink(let file, _), .isFolder(let file), .unknownExtension(let file),
      .missingPart(let file, _),
      .notGzip(let file), .foreign(let file, _),
      .hiddenGzip(let file), .truncatedHeader(let file, _, _), .notNIfTI(let file, _), .analyze(let file),
      .badMagic(let file, _, _), .changedLineEnds(let file), .badDimension(let file, _, _, _),
      .tooManyVoxels(let file, _, _),
      .noMemory(let file, _, _, _), .severalVolumes(let file, _), .unsupportedType(let file, _, _),
      .badBits(let file, _, _),
      .badOffset(let file, _, _), .badNumber(let file, _, _), .badQuaternion(let file, _), .badCode(let file, _, _),
      .flatAffine(let file, _), .truncated(let file, _, _), .truncatedGzip(let file, _, _),
      .corruptGzip(let file, _), .tooLong(let file, _, _), .refusedByLibrary(let file),
      .changedWhileRead(let file), .cannotWrite(let file, _), .noFolder(let file, _),
      .refusedBySystem(let file, _, _):
      file
    }
  }
}
