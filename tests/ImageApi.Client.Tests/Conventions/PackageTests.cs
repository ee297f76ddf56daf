using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ImageApi.Client.Tests.Conventions;

/// <summary>What is in the packages, what is not, and what they bring with them.</summary>
public sealed partial class PackageTests
{
    private const string ClientId = "ImageApi.Client";
    private const string AdapterId = "ImageApi.Client.Extensions.AI";

    private static readonly string[] Targets = ["net10.0", "net8.0", "netstandard2.0"];

    /// <summary>The first versions without weaknesses that are known, or that the library relies on.</summary>
    private static readonly Dictionary<string, Version> MinimumVersions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["System.Text.Json"] = new(8, 0, 5),
        ["Newtonsoft.Json"] = new(13, 0, 1),
        ["Microsoft.Extensions.Http"] = new(9, 0, 0),
        ["Polly"] = new(8, 0, 0),
    };

    public static TheoryData<string> Ids => [ClientId, AdapterId];

    [PackageTheory]
    [MemberData(nameof(Ids))]
    public void Package_contains_exactly_the_expected_files(string id) => Assert.Equal(
        ExpectedFiles(id).Order(StringComparer.Ordinal), NuGetPackage.Open(id, ".nupkg").Files.Keys.Order(StringComparer.Ordinal));

    [PackageTheory]
    [MemberData(nameof(Ids))]
    public void Symbol_package_contains_every_target(string id) => Assert.Equal(
        Targets.Select(target => $"lib/{target}/{id}.pdb").Append(id + ".nuspec").Order(StringComparer.Ordinal), NuGetPackage.Open(id, ".snupkg").Files.Keys.Order(StringComparer.Ordinal));

    [PackageTheory]
    [MemberData(nameof(Ids))]
    public void Manifest_contains_license_readme_icon_and_targets(string id)
    {
        var package = NuGetPackage.Open(id, ".nupkg");
        var metadata = package.Manifest.Descendants().Where(static element => !element.HasElements)
            .ToLookup(static element => element.Name.LocalName, static element => element.Value, StringComparer.Ordinal);

        Assert.Equal([id, "MIT", "README.md", "icon.png"], new[] { "id", "license", "readme", "icon" }.Select(name => metadata[name].Single()));
        Assert.All(new[] { "description", "tags", "authors", "copyright" }, name => Assert.NotEmpty(metadata[name].Single()));
        Assert.Equal(3, package.Dependencies.Select(static dependency => dependency.Target).Distinct(StringComparer.Ordinal).Count());
    }

    [PackageTheory]
    [MemberData(nameof(Ids))]
    public void XML_documentation_is_packed_for_every_target(string id) =>
        Assert.All(Targets, target => Assert.Contains("<member name=\"T:ImageApi.Client.", NuGetPackage.Open(id, ".nupkg").Text($"lib/{target}/{id}.xml"), StringComparison.Ordinal));

    [PackageTheory]
    [MemberData(nameof(Ids))]
    public void Icon_is_a_square_PNG_image(string id)
    {
        var icon = NuGetPackage.Open(id, ".nupkg").Files["icon.png"];

        Assert.Equal("\x89PNG", Encoding.Latin1.GetString(icon, 0, 4));
        Assert.Equal((128, 128), (BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(20))));
    }

    [PackageTheory]
    [MemberData(nameof(Ids))]
    public void Package_contains_no_paths_or_secrets(string id) => Assert.Empty(FilesWithSecretsOrPaths(NuGetPackage.Open(id, ".nupkg")).Concat(FilesWithSecretsOrPaths(NuGetPackage.Open(id, ".snupkg"))));

    [PackageTheory]
    [MemberData(nameof(Ids))]
    public void Path_or_secret_in_a_package_is_detected(string id)
    {
        var package = NuGetPackage.Open(id, ".nupkg");
        string[] leaks = [Path.Combine(Path.GetFullPath(Repository.Root), "a.cs"), "-----BEGIN " + "PRIVATE KEY-----", "Bearer " + TestClients.ApiKey, "sk-" + new string('a', 20)];

        Assert.All(leaks, text => Assert.Equal(["a.txt"], FilesWithSecretsOrPaths(package.WithFile("a.txt", Encoding.UTF8.GetBytes("x" + text)))));
        Assert.All(leaks, text => Assert.Equal(["a.dll"], FilesWithSecretsOrPaths(package.WithFile("a.dll", Encoding.Unicode.GetBytes(text)))));
        Assert.Equal(["key"], FilesWithSecretsOrPaths(package.WithFile("key", File.ReadAllBytes(Repository.PathOf("src", "ImageApi.snk")))));
    }

    [PackageTheory]
    [MemberData(nameof(Ids))]
    public void Dependencies_have_at_least_the_minimum_version(string id)
    {
        var dependencies = NuGetPackage.Open(id, ".nupkg").Dependencies.ToList();

        Assert.NotEmpty(dependencies);
        Assert.DoesNotContain(dependencies, static dependency => IsOutdated(dependency.Id, dependency.Version));
        Assert.DoesNotContain(dependencies, static dependency => dependency.Id is "Newtonsoft.Json" || dependency.Id.Contains("Analyzer", StringComparison.Ordinal));
    }

    [PackageTheory]
    [MemberData(nameof(Ids))]
    public void SBOM_contains_every_dependency_with_its_lock_file_hash(string id)
    {
        var package = NuGetPackage.Open(id, ".nupkg");
        var sbom = package.Sbom;
        var locked = LockedPackages(Repository.PathOf("src", id, "packages.lock.json")).Distinct()
            .ToDictionary(static entry => $"pkg:nuget/{entry.Id}@{entry.Version}", static entry => entry.Hash, StringComparer.Ordinal);
        var components = sbom.GetProperty("components").EnumerateArray().ToDictionary(static component => component.GetProperty("purl").GetString()!, StringComparer.Ordinal);
        var uses = sbom.GetProperty("dependencies").EnumerateArray().ToDictionary(
            static item => item.GetProperty("ref").GetString()!, static item => item.GetProperty("dependsOn").EnumerateArray().Select(static packageUrl => packageUrl.GetString()!).ToList(), StringComparer.Ordinal);
        var self = sbom.GetProperty("metadata").GetProperty("component").GetProperty("purl").GetString()!;

        Assert.Equal(("CycloneDX", "1.6"), (sbom.GetProperty("bomFormat").GetString(), sbom.GetProperty("specVersion").GetString()));
        Assert.StartsWith($"pkg:nuget/{id}@", self, StringComparison.Ordinal);
        Assert.Equal(
            package.Dependencies.Select(static item => item.Id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            uses[self].Select(static packageUrl => packageUrl["pkg:nuget/".Length..].Split('@')[0]).Order(StringComparer.Ordinal));
        Assert.All(uses.Values.SelectMany(static packageUrls => packageUrls), packageUrl => Assert.Contains(packageUrl, components.Keys));
        Assert.Equal(components.Keys.Append(self).Order(StringComparer.Ordinal), uses.Keys.Order(StringComparer.Ordinal));
        Assert.All(components.Where(static item => !item.Key.StartsWith($"pkg:nuget/{ClientId}@", StringComparison.Ordinal)), component => Assert.Equal(
            Convert.ToHexStringLower(Convert.FromBase64String(locked[component.Key])), component.Value.GetProperty("hashes")[0].GetProperty("content").GetString()));
        Assert.DoesNotContain(components.Keys, static packageUrl => packageUrl.Contains("Analyzer", StringComparison.Ordinal) || packageUrl.Contains("ILLink", StringComparison.Ordinal));
    }

    [Fact]
    public void Locked_packages_have_at_least_the_minimum_version()
    {
        var locked = LockFiles().SelectMany(LockedPackages).ToList();

        Assert.Equal(MinimumVersions.Keys.Order(StringComparer.Ordinal), locked.Select(static entry => entry.Id).Distinct(StringComparer.Ordinal).Where(MinimumVersions.ContainsKey).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(locked, static entry => IsOutdated(entry.Id, NuGetPackage.VersionOf(entry.Version)));
    }

    [Theory]
    [InlineData("System.Text.Json", "8.0.4", true)]
    [InlineData("System.Text.Json", "8.0.5", false)]
    [InlineData("Newtonsoft.Json", "12.0.3", true)]
    [InlineData("Microsoft.Extensions.Http", "8.0.1", true)]
    [InlineData("Microsoft.Extensions.Http", "9.0.0-preview.1", false)]
    public void Outdated_version_is_detected(string id, string version, bool old) => Assert.Equal(old, IsOutdated(id, NuGetPackage.VersionOf(version)));

    /// <summary>Programs that are published for one kind of machine have none, since theirs would differ from machine to machine.</summary>
    [Fact]
    public void Every_unpublished_project_has_a_lock_file() => Assert.Equal(
        ["ImageApi.Client.AotSmoke", "ImageApi.Client.OneCall"],
        ProjectFolders().SelectMany(static folder => Directory.GetFiles(folder, "*.csproj", SearchOption.AllDirectories)).Select(static project => Path.GetDirectoryName(project)!)
            .Distinct(StringComparer.Ordinal).Where(static folder => !File.Exists(Path.Combine(folder, "packages.lock.json"))).Select(static folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal));

    private static IEnumerable<string> ExpectedFiles(string id)
    {
        string[] common = [id + ".nuspec", "README.md", "LICENSE", "icon.png", "sbom.cdx.json"];
        string[] clientFiles = id == ClientId ? ["ConfigurationSchema.json", "buildTransitive/netstandard2.0/ImageApi.Client.targets"] : [];
        return [.. common, .. clientFiles, .. Targets.SelectMany(target => new[] { $"lib/{target}/{id}.dll", $"lib/{target}/{id}.xml" })];
    }

    /// <summary>Names the files with a path of this machine, or with something that looks like a key.</summary>
    private static IEnumerable<string> FilesWithSecretsOrPaths(NuGetPackage package)
    {
        string[] paths = [Path.GetFullPath(Repository.Root), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), Path.GetFullPath(PackageTheoryAttribute.Folder!)];
        var strongName = File.ReadAllBytes(Repository.PathOf("src", "ImageApi.snk"))[^64..];
        return
            from file in package.Files
            let texts = new[] { Encoding.Latin1.GetString(file.Value), Encoding.Unicode.GetString(file.Value), Encoding.Unicode.GetString(file.Value.AsSpan(Math.Min(1, file.Value.Length))) }
            where file.Value.AsSpan().IndexOf(strongName) >= 0
                || texts.Any(text => Secret().IsMatch(text) || paths.Any(path => path.Length > 1 && text.Contains(path + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            select file.Key;
    }

    private static bool IsOutdated(string id, Version version) => MinimumVersions.TryGetValue(id, out var minimum) && version < minimum;

    private static IEnumerable<string> ProjectFolders() => new[] { "src", "tests", "samples" }.Select(static folder => Repository.PathOf(folder));

    private static IEnumerable<string> LockFiles() => ProjectFolders().SelectMany(static folder => Directory.GetFiles(folder, "packages.lock.json", SearchOption.AllDirectories));

    private static List<(string Id, string Version, string Hash)> LockedPackages(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return
        [
            .. from target in json.RootElement.GetProperty("dependencies").EnumerateObject()
               from entry in target.Value.EnumerateObject()
               where entry.Value.GetProperty("type").GetString() != "Project"
               select (entry.Name, entry.Value.GetProperty("resolved").GetString()!, entry.Value.GetProperty("contentHash").GetString()!),
        ];
    }

    [GeneratedRegex("PRIVATE KEY-----|Bearer [A-Za-z0-9_-]{16,}|sk-[A-Za-z0-9]{20,}", RegexOptions.CultureInvariant)]
    private static partial Regex Secret();
}
