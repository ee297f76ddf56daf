using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ImageApi.Client.Tests.Conventions;

/// <summary>Declared identifiers use the terms of the field: each name is split at capitals, and no word of it is a metaphor or a second word for one thing.</summary>
public sealed partial class VocabularyTests
{
    private static readonly HashSet<string> BannedWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "house", "floor", "floors", "room", "rooms", "ground", "furniture", "judge", "judges", "verdict", "circumstances", "spare", "spares", "countdown",
        "salvage", "salvaged", "lift", "lifts", "lifted", "lifter", "lifting", "till", "turncoat", "lying", "careless", "careful", "answer", "answers",
        "answered", "wish", "wishes", "told", "tells", "cancelled", "honour", "honours", "honoured", "longest", "largest",
    };

    private static readonly string[] Folders = ["src", "samples", "tests"];

    public static TheoryData<string> Folder => [.. Folders];

    [Theory]
    [MemberData(nameof(Folder))]
    public void Identifiers_use_the_terms_of_the_field(string folder) =>
        Assert.Empty(SourceFiles(folder).SelectMany(static file => BannedIdentifiers(File.ReadAllText(file)).Select(name => $"{Path.GetFileName(file)}: {name}")));

    [Theory]
    [InlineData("class Room { }", "Room")]
    [InlineData("class A { void JudgeIt(int theVerdict) { } }", "JudgeIt,theVerdict")]
    [InlineData("class A { int b => Get() is var liftedJson ? 1 : 0; }", "liftedJson")]
    [InlineData("class Broom { int MathFloorless; }", "")]
    [InlineData("class A { double B(double c) => System.Math.Floor(c); }", "")]
    public void Banned_words_are_found_in_declarations_only(string code, string expected) => Assert.Equal(expected, string.Join(',', BannedIdentifiers(code)));

    [Fact]
    public void Test_names_have_at_most_70_characters() => Assert.Empty(
        from file in SourceFiles("tests")
        from method in CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
        where method.Identifier.Text.Length > 70
        select $"{Path.GetFileName(file)}: {method.Identifier.Text}");

    private static IEnumerable<string> SourceFiles(string folder) => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
        .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.EndsWith("VocabularyTests.cs", StringComparison.Ordinal));

    private static IEnumerable<string> BannedIdentifiers(string code) => CSharpSyntaxTree.ParseText(code).GetRoot().DescendantTokens()
        .Where(static token => token.IsKind(SyntaxKind.IdentifierToken) && token.Parent is MemberDeclarationSyntax or VariableDeclaratorSyntax or ParameterSyntax
            or SingleVariableDesignationSyntax or LocalFunctionStatementSyntax or ForEachStatementSyntax or TypeParameterSyntax or FromClauseSyntax or LetClauseSyntax)
        .Select(static token => token.Text)
        .Where(static name => Words().Matches(name).Any(static word => BannedWords.Contains(word.Value)));

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex Words();
}
