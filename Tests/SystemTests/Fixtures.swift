import Foundation

/// A folder of its own for one test, removed at its end.
func withTemporaryFolder<T>(_ body: (URL) throws -> T) throws -> T {
  let folder = try makeFolder()
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

func withTemporaryFolder<T>(_ body: (URL) async throws -> T) async throws -> T {
  let folder = try makeFolder()
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder)
}

private func makeFolder() throws -> URL {
  let folder = FileManager.default.temporaryDirectory.appending(path: "system-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  return folder
}

func names(in folder: URL) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
}
