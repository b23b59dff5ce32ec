import Foundation
import PackagePlugin

/// Puts the files of a target's folder into the program, so that nothing lists them by name.
///
/// The folder belongs to a target of its own: only then does a build notice files that come and go.
@main
struct Embed: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let files = (target.sourceModule?.sourceFiles.map(\.url) ?? [])
      .filter { $0.pathExtension != "swift" }.sorted { $0.path < $1.path }
    let output = context.pluginWorkDirectoryURL.appending(path: "Embedded\(target.name).swift")
    return [
      .buildCommand(
        displayName: "Embedding \(files.count) files of \(target.name)",
        executable: try context.tool(named: "EmbedTool").url,
        arguments: [target.name, output.path] + files.map(\.path), inputFiles: files,
        outputFiles: [output])
    ]
  }
}
