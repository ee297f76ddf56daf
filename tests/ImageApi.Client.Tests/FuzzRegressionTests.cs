using ImageApi.Client.Fuzz;

namespace ImageApi.Client.Tests;

/// <summary>What fuzzing started from and what it found, once more in every run.</summary>
public sealed class FuzzRegressionTests
{
    private static readonly string Root = Repository.PathOf("tests", "ImageApi.Client.Fuzz");

    public static TheoryData<string> Targets => [.. FuzzTargets.Names];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Saved_fuzz_inputs_do_not_break_any_parser(string name)
    {
        var folders = new[] { "corpus", "finds" }.Select(kind => Path.Combine(Root, kind, name)).Where(Directory.Exists);
        var files = folders.SelectMany(Directory.GetFiles).ToList();

        Assert.NotEmpty(files);
        Assert.All(files, file => FuzzTargets.Find(name)!(File.ReadAllBytes(file)));
    }
}
