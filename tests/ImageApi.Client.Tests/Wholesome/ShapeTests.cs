using System.Reflection;
using System.Runtime.CompilerServices;

namespace ImageApi.Client.Tests.Wholesome;

/// <summary>What every public type and method looks like.</summary>
public sealed class ShapeTests
{
    private static readonly IReadOnlyList<Type> Public = [.. typeof(ImageApiClient).Assembly.GetExportedTypes().Where(static type => type.Namespace == "ImageApi.Client")];

    private static readonly IReadOnlyList<MethodInfo> Methods =
    [
        .. Public.Append(typeof(Microsoft.Extensions.DependencyInjection.ImageApiClientServiceCollectionExtensions))
            .SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(static method => !method.IsSpecialName && !method.IsDefined(typeof(CompilerGeneratedAttribute))),
    ];

    [Fact]
    public void There_is_something_to_look_at() => Assert.True(Public.Count > 40 && Methods.Count(IsAsynchronous) > 12, $"{Public.Count} types, {Methods.Count} methods");

    [Fact]
    public void The_library_has_a_strong_name() => Assert.NotEmpty(typeof(ImageApiClient).Assembly.GetName().GetPublicKeyToken()!);

    [Fact]
    public void Classes_are_sealed_or_abstract_or_a_client_or_an_error_that_others_derive_from() => Assert.Empty(
        from type in Public
        where type.IsClass && !type.IsSealed && !type.IsAbstract && !type.Name.EndsWith("Client", StringComparison.Ordinal)
        where !Public.Any(other => other.BaseType == type)
        select type.Name);

    [Fact]
    public void Members_of_clients_can_be_mocked() => Assert.Empty(
        from method in Methods
        where method.DeclaringType!.Name.EndsWith("Client", StringComparison.Ordinal) && !method.IsStatic && !method.IsVirtual
        select $"{method.DeclaringType!.Name}.{method.Name}");

    [Fact]
    public void Asynchronous_methods_say_so_and_take_a_token_last() => Assert.Empty(
        from method in Methods
        where IsAsynchronous(method) && method.Name is not "DisposeAsync"
        where !method.Name.EndsWith("Async", StringComparison.Ordinal) || method.GetParameters() is not [.., { Name: "cancellationToken", IsOptional: true } last] || last.ParameterType != typeof(CancellationToken)
        select $"{method.DeclaringType!.Name}.{method.Name}");

    [Fact]
    public void Only_asynchronous_methods_say_that_they_are() => Assert.Empty(
        from method in Methods
        where !IsAsynchronous(method) && method.Name.EndsWith("Async", StringComparison.Ordinal)
        select $"{method.DeclaringType!.Name}.{method.Name}");

    [Fact]
    public void Fields_are_not_public() => Assert.Empty(
        from type in Public
        where !type.IsEnum
        from field in type.GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where !field.IsLiteral
        select $"{type.Name}.{field.Name}");

    [Fact]
    public void Lists_are_handed_out_for_reading_only() => Assert.Empty(
        from type in Public
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where property.PropertyType.IsArray || (property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(List<>))
        select $"{type.Name}.{property.Name}");

    private static bool IsAsynchronous(MethodInfo method) =>
        typeof(Task).IsAssignableFrom(method.ReturnType)
        || (method.ReturnType is { IsGenericType: true } type && (type.GetGenericTypeDefinition() == typeof(ValueTask<>) || type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)))
        || method.ReturnType == typeof(ValueTask);
}
