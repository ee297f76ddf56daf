using ImageApi.Client.Media.Downloading;

namespace ImageApi.Client.Tests.Conventions;

/// <summary>A top-level folder of the library uses only the folders listed before it, and a type is found by its name.</summary>
public sealed class LayeringTests
{
    private const int MaxFilesPerFolder = 25;
    private const string Top = ".";
    private static readonly string Root = Repository.PathOf("src", "ImageApi.Client");

    /// <summary>The top-level folders, lowest first; <see cref="Top"/> stands for the files at the root and their Internal folder.</summary>
    private static readonly string[] Layers =
    [
        "Polyfills", "Buffers", "Redaction", "Serialization", "Validation", "Models", "Exceptions", "Configuration", "Diagnostics", "Parsing", "Http",
        "Media", "Images", "Files", "Jobs", Top, "DependencyInjection",
    ];

    /// <summary>Folders without public types.</summary>
    private static readonly string[] InternalLayers = ["Polyfills", "Buffers", "Redaction", "Serialization", "Validation", "Parsing", "Http"];

    private static readonly Dictionary<string, string> FolderOfFile = Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
        .ToDictionary(static file => Path.GetFileNameWithoutExtension(file), FolderOf, StringComparer.Ordinal);

    private static readonly Type[] Types = [.. TypeDependencies.DeclaredTypes(typeof(ImageApiClient).Assembly)];

    /// <summary>The uses between types of different folders.</summary>
    private static readonly Dependency[] Dependencies =
    [
        .. from type in Types
           from used in TypeDependencies.UsedBy(type)
           where Folder(type) is not null && Folder(used) is not null && Folder(type) != Folder(used)
           select new Dependency(Folder(type)!, Folder(used)!, $"{Folder(type)}/{type.Name} uses {Folder(used)}/{used.Name}"),
    ];

    [Fact]
    public void Folders_use_only_folders_listed_before_them() =>
        AssertNone(Dependencies.Where(static use => !MayUse(LayerOf(use.From), LayerOf(use.To))).Select(static use => use.Text));

    [Fact]
    public void A_dependency_on_a_higher_layer_is_detected()
    {
        Assert.Contains(Dependencies, static use => use is { From: Top, To: "Jobs" });
        Assert.Contains(typeof(MediaDownloader), TypeDependencies.UsedBy(typeof(MediaClient)));
        Assert.False(MayUse("Media", "Jobs") || MayUse("Images", "Files") || MayUse("Http", Top));
        Assert.True(MayUse("Jobs", "Media") && MayUse("Exceptions", "Serialization") && MayUse(Top, "Http"));
    }

    [Fact]
    public void Subfolders_are_free_of_cycles() => AssertNone(
        from layer in Layers
        let uses = SubfolderUses(layer)
        from use in uses
        where IsReachable(uses, use.To, use.From)
        from text in Dependencies.Where(other => other.From == use.From && other.To == use.To)
        select text.Text);

    [Fact]
    public void A_cycle_is_detected()
    {
        (string From, string To)[] uses = [("A", "B"), ("B", "C"), ("C", "A"), ("D", "A")];

        Assert.True(IsReachable(uses, "A", "A"));
        Assert.False(IsReachable(uses, "D", "D"));
    }

    [Fact]
    public void Every_folder_has_a_layer() =>
        Assert.Empty(FolderOfFile.Values.Select(LayerOf).Distinct(StringComparer.Ordinal).Except(Layers, StringComparer.Ordinal));

    [Fact]
    public void Public_types_are_at_the_top_of_a_folder_and_internal_types_below() =>
        Assert.Empty(Types.Where(IsMisplaced).Select(static type => $"{Folder(type)}/{type.Name}"));

    [Fact]
    public void A_misplaced_type_is_detected()
    {
        Assert.True(IsMisplaced(isPublic: true, "Jobs/Internal") && IsMisplaced(isPublic: false, "Jobs") && IsMisplaced(isPublic: true, "Http"));
        Assert.False(IsMisplaced(isPublic: true, "Jobs") || IsMisplaced(isPublic: false, "Jobs/Internal") || IsMisplaced(isPublic: false, "Http"));
    }

    [Fact]
    public void Types_are_declared_in_a_file_of_their_name() => Assert.Empty(
        Types.Where(static type => type.Namespace is { } name && !name.StartsWith("System.", StringComparison.Ordinal) && name != "Microsoft.CodeAnalysis")
            .Where(static type => Folder(type) is null)
            .Select(static type => type.FullName));

    [Fact]
    public void Internal_types_have_the_namespace_of_their_folder() => Assert.Empty(
        from type in Types
        where !type.IsPublic && Folder(type) is { } folder && type.Namespace != $"ImageApi.Client.{folder.Replace('/', '.')}"
        select type.FullName);

    [Fact]
    public void No_folder_has_the_name_of_a_type() => Assert.Empty(
        FolderOfFile.Values.SelectMany(static folder => folder.Split('/')).Distinct(StringComparer.Ordinal).Intersect(Types.Select(static type => type.Name), StringComparer.Ordinal));

    [Fact]
    public void A_folder_level_has_at_most_25_files() => Assert.Empty(
        from folder in new[] { Root }.Concat(Directory.EnumerateDirectories(Root, "*", SearchOption.AllDirectories))
        let files = Directory.EnumerateFiles(folder, "*.cs").Count()
        where files > MaxFilesPerFolder
        select $"{Path.GetRelativePath(Root, folder)}: {files}");

    /// <summary>Fails with every violation in the message, not only the first five.</summary>
    private static void AssertNone(IEnumerable<string> violations) 
    {
        var text = string.Join('\n', violations.Distinct(StringComparer.Ordinal));
        Assert.True(text.Length == 0, text);
    }

    private static bool MayUse(string user, string used) => Array.IndexOf(Layers, used) <= Array.IndexOf(Layers, user);

    private static bool IsMisplaced(Type type) => Folder(type) is { } folder && !folder.StartsWith("Polyfills", StringComparison.Ordinal) && IsMisplaced(type.IsPublic, folder);

    private static bool IsMisplaced(bool isPublic, string folder) =>
        isPublic != (folder == LayerOf(folder) && folder != "Internal" && !InternalLayers.Contains(folder, StringComparer.Ordinal));

    private static string FolderOf(string file) => Path.GetRelativePath(Root, Path.GetDirectoryName(file)!).Replace('\\', '/');

    /// <summary>The first part of a folder's path; the Internal folder of the root belongs to the root.</summary>
    private static string LayerOf(string folder) => folder.Split('/')[0] is var first && first == "Internal" ? Top : first;

    private static (string From, string To)[] SubfolderUses(string layer) =>
    [
        .. Dependencies.Where(use => LayerOf(use.From) == layer && LayerOf(use.To) == layer && use.From != layer && use.To != layer && layer != Top)
            .Select(static use => (use.From, use.To)).Distinct(),
    ];

    private static bool IsReachable((string From, string To)[] uses, string start, string target)
    {
        var pending = new Queue<string>(uses.Where(use => use.From == start).Select(static use => use.To));
        var visited = new HashSet<string>(StringComparer.Ordinal);
        while (pending.TryDequeue(out var folder))
        {
            if (folder == target)
            {
                return true;
            }

            if (visited.Add(folder))
            {
                uses.Where(use => use.From == folder).ToList().ForEach(use => pending.Enqueue(use.To));
            }
        }

        return false;
    }

    private static string? Folder(Type type)
    {
        var name = type.Name.Split('`')[0];
        return (type.IsGenericTypeDefinition ? FolderOfFile.GetValueOrDefault(name + "{TState,T}") : null) ?? FolderOfFile.GetValueOrDefault(name);
    }

    private sealed record Dependency(string From, string To, string Text);
}
