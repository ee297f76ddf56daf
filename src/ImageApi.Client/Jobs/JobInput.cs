using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ImageApi.Client.Jobs.Internal;
using ImageApi.Client.Media.References;
using ImageApi.Client.Validation;

namespace ImageApi.Client;

/// <summary>What a job is to work on: <see cref="ImageJobInput"/> for pictures, or free input for any other model.</summary>
public abstract record JobInput
{
    private protected JobInput()
    {
    }

    /// <summary>Gets a value indicating whether the model must be named.</summary>
    internal virtual bool NeedsModel => true;

    /// <summary>Gets what the job makes, in a word of telemetry's; null when it is not known.</summary>
    internal virtual string? OutputType => null;

    /// <summary>Makes an input of any JSON object, for models whose fields this version does not know.</summary>
    /// <param name="input">A JSON object. It is copied.</param>
    /// <returns>The input.</returns>
    /// <exception cref="ArgumentException"><paramref name="input"/> is no object.</exception>
    public static JobInput FromJson(JsonElement input)
    {
        if (input.ValueKind != JsonValueKind.Object)
        {
            throw new ArgumentException("The input of a job must be a JSON object.", nameof(input));
        }

        RequestValidation.ThrowIfUnwritable(input, nameof(input), "The input");
        return new JsonJobInput(input.Clone());
    }

    /// <summary>Makes an input of a type of your own, without reflection.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="input">The value, which must become a JSON object.</param>
    /// <param name="typeInfo">How it is written, from your own source-generated context.</param>
    /// <returns>The input; later changes of <paramref name="input"/> do not count.</returns>
    /// <exception cref="ArgumentException"><paramref name="input"/> becomes no object.</exception>
    public static JobInput From<T>(T input, JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);

        return FromJson(JsonSerializer.SerializeToElement(input, typeInfo));
    }

    /// <summary>Finds the prompt, for traces of those who asked for it.</summary>
    internal abstract string? GetPrompt();

    internal abstract void ThrowIfInvalid(string paramName);

    internal abstract ValueTask WriteAsync(JsonRequestContent body, CancellationToken cancellationToken);
}
