using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace ImageApi.Client.Tests.Support;

/// <summary>What is in a package.</summary>
internal sealed class NuGetPackage
{
    private NuGetPackage(Dictionary<string, byte[]> files) => Files = files;

    /// <summary>The files by their names, without those that only say that this is a package.</summary>
    public IReadOnlyDictionary<string, byte[]> Files { get; init; }

    public XElement Manifest => XElement.Parse(Text(Files.Keys.Single(static name => name.EndsWith(".nuspec", StringComparison.Ordinal))));

    public JsonElement Sbom
    {
        get
        {
            using var json = JsonDocument.Parse(Files["sbom.cdx.json"]);
            return json.RootElement.Clone();
        }
    }

    /// <summary>The dependencies in the manifest, with the target that has them.</summary>
    public IEnumerable<(string Target, string Id, Version Version)> Dependencies =>
        from dependency in Manifest.Descendants()
        where dependency.Name.LocalName == "dependency"
        select ((string)dependency.Parent!.Attribute("targetFramework")!, (string)dependency.Attribute("id")!, VersionOf((string)dependency.Attribute("version")!));

    public static NuGetPackage Open(string id, string extension)
    {
        var path = Directory.EnumerateFiles(PackageTheoryAttribute.Folder!, id + ".*" + extension).Single(path => char.IsAsciiDigit(Path.GetFileName(path)[id.Length + 1]));
        using var zip = ZipFile.OpenRead(path);
        return new NuGetPackage(zip.Entries.Where(static entry => !IsPackagingMetadata(entry.FullName)).ToDictionary(static entry => entry.FullName, Read, StringComparer.Ordinal));
    }

    /// <summary>Reads a version, without what stands behind a hyphen.</summary>
    public static Version VersionOf(string text) => Version.Parse(text.Trim('[', ']', ',', ' ').Split('-')[0]);

    /// <summary>Makes a package with another file in it.</summary>
    public NuGetPackage WithFile(string name, byte[] content) => new(Files.Where(file => file.Key != name).Append(new(name, content)).ToDictionary(StringComparer.Ordinal));

    public string Text(string name) => Encoding.UTF8.GetString(Files[name]).TrimStart('\uFEFF');

    private static bool IsPackagingMetadata(string name) => name is "[Content_Types].xml" or "_rels/.rels" || name.EndsWith(".psmdcp", StringComparison.Ordinal);

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
