using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Diagnostics.Internal;

/// <summary>What is known of a call before it begins.</summary>
/// <param name="Operation">The call's name in logs, such as <c>images.generate</c>.</param>
/// <param name="SpanName">The first word of its span's name; null for a call that has none but those of the platform.</param>
internal readonly record struct OperationDescriptor(string Operation, string? SpanName)
{
    public string? Model { get; init; }

    /// <summary>Gets the kind of what is made; null when it is not known.</summary>
    public string? OutputType { get; init; }

    /// <summary>Gets the job that the call is about.</summary>
    public string? JobId { get; init; }

    public int? Count { get; init; }

    /// <summary>Gets the prompt, for those who asked for it.</summary>
    public string? Prompt { get; init; }

    /// <summary>Gets the level of the one line that tells how the call ended.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;
}
