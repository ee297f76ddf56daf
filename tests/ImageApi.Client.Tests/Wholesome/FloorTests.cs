
namespace ImageApi.Client.Tests.Wholesome;

/// <summary>The library is a house: what lies on a floor uses only that floor and those below it, and each type can be found by its name.</summary>
public sealed class FloorTests
{
    private static readonly string Root = Repository.PathOf("src", "ImageApi.Client");

    /// <summary>Folders from the ground up; those of one floor do not know each other, but on the ground.</summary>
    private static readonly string[][] Floors =
    [
        ["Polyfills", "Errors", "Serialization", "Diagnostics"], ["Http"], ["Media"], ["Images", "Files"], ["Jobs"], ["."], ["DependencyInjection"],
    ];

    private static readonly Dictionary<string, string> FolderOfFile = Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
        .ToDictionary(static file => Path.GetFileNameWithoutExtension(file), static file => Path.GetRelativePath(Root, Path.GetDirectoryName(file)!), StringComparer.Ordinal);

    [Fact]
    public void No_folder_uses_one_above_it()
    {
        var wrong = from type in TypeUses.Written(typeof(ImageApiClient).Assembly)
                    from used in TypeUses.Of(type)
                    where Folder(type) is { } user && Folder(used) is { } tool && !MayUse(user, tool)
                    select $"{Folder(type)}/{type.Name} uses {Folder(used)}/{used.Name}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void A_use_of_a_floor_above_would_be_found()
    {
        Assert.Contains(typeof(JobsClient), TypeUses.Of(typeof(ImageApiClient)));
        Assert.Contains(typeof(global::ImageApi.Client.Media.MediaFetcher), TypeUses.Of(typeof(MediaClient)));
        Assert.False(MayUse("Media", "Jobs") || MayUse("Images", "Files") || MayUse("Files", "Images") || MayUse("Http", "."));
        Assert.True(MayUse("Jobs", "Media") && MayUse("Errors", "Serialization") && MayUse(".", "Http"));
    }

    [Fact]
    public void Every_folder_has_its_floor() => Assert.Empty(FolderOfFile.Values.Distinct(StringComparer.Ordinal).Except(Floors.SelectMany(static floor => floor), StringComparer.Ordinal));

    [Fact]
    public void Every_type_lies_in_a_file_of_its_name() => Assert.Empty(
        TypeUses.Written(typeof(ImageApiClient).Assembly)
            .Where(static type => type.Namespace is { } name && !name.StartsWith("System.", StringComparison.Ordinal) && name != "Microsoft.CodeAnalysis") // what the compiler asks for
            .Where(static type => Folder(type) is null)
            .Select(static type => type.FullName));

    [Fact]
    public void Types_that_are_not_public_have_the_namespace_of_their_folder() => Assert.Empty(
        from type in TypeUses.Written(typeof(ImageApiClient).Assembly)
        where !type.IsPublic && Folder(type) is { } folder && type.Namespace != (folder == "." ? "ImageApi.Client" : $"ImageApi.Client.{folder}")
        select type.FullName);

    private static bool MayUse(string user, string tool)
    {
        var (upper, lower) = (FloorOf(user), FloorOf(tool));
        return user == tool || lower < upper || (lower == upper && upper == 0);
    }

    private static int FloorOf(string folder) => Array.FindIndex(Floors, floor => floor.Contains(folder, StringComparer.Ordinal));

    private static string? Folder(Type type)
    {
        var name = type.Name.Split('`')[0];
        return FolderOfFile.GetValueOrDefault(type.IsGenericTypeDefinition ? name + "{T}" : name) ?? FolderOfFile.GetValueOrDefault(name);
    }
}
