using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.Json;

namespace ImageApi.Client.Tests;

/// <summary>The library runs where an application is trimmed or compiled ahead of time, and all tests run as they would there.</summary>
public sealed class TrimmingTests
{
    [Fact]
    public void Tests_run_without_reflection_based_JSON_serialization()
    {
        Assert.False(JsonSerializer.IsReflectionEnabledByDefault);
        Assert.Throws<InvalidOperationException>(static () => JsonSerializer.Serialize(new { A = 1 }));
    }

#if !NETSTANDARD_LIBRARY // what netstandard2.0 itself says of trimming is not enough to promise it
    [Fact]
    public void Library_is_marked_as_trimmable() => Assert.Contains(
        typeof(ImageApiClient).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>(), static item => item is { Key: "IsTrimmable", Value: "True" });
#endif

    [Fact]
    public void Library_calls_no_method_that_requires_reflection() => Assert.Empty(MethodsRequiringReflection(typeof(ImageApiClient).Assembly));

    [Fact]
    public void Call_that_requires_reflection_is_detected() => Assert.Contains("JsonSerializer.Serialize", MethodsRequiringReflection(typeof(TrimmingTests).Assembly));

    /// <summary>The methods that an assembly refers to and that the platform marks as unfit for trimming or for compilation ahead of time.</summary>
    private static List<string> MethodsRequiringReflection(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        var references = metadata.MemberReferences.Where(handle => metadata.GetMemberReference(handle).GetKind() == MemberReferenceKind.Method);
        var methods = references.Select(handle => Resolve(assembly.ManifestModule, MetadataTokens.GetToken(handle))).ToList();

        Assert.True(methods.Count > 100, "The references were not read.");
        return [.. methods.OfType<MethodBase>().Where(RequiresReflection).Select(static method => $"{method.DeclaringType?.Name}.{method.Name}").Distinct(StringComparer.Ordinal)];
    }

    private static bool RequiresReflection(MethodBase method) => new MemberInfo?[] { method, method.DeclaringType }.OfType<MemberInfo>().Any(static member =>
        member.IsDefined(typeof(RequiresUnreferencedCodeAttribute)) || member.IsDefined(typeof(RequiresDynamicCodeAttribute)));

    /// <summary>Type parameters that the place of a call would give stand for themselves: any type does.</summary>
    private static MethodBase? Resolve(Module module, int token)
    {
        var typeArguments = Enumerable.Repeat(typeof(Exception), 8).ToArray();
        try
        {
            return module.ResolveMethod(token, typeArguments, typeArguments);
        }
        catch (TypeLoadException)
        {
            return null; // a type parameter that not any type satisfies: none of the marked methods has one
        }
    }
}
