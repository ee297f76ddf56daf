using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageApi.Client.Serialization;

namespace ImageApi.Client;

/// <summary>How much work the model puts into a picture. An open word: any text the server knows can be used.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct ImageQuality
{
    /// <summary>Initializes a word.</summary>
    /// <param name="value">The word as the API spells it: 1 to 256 characters.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is empty, too long, or holds control characters.</exception>
    public ImageQuality(string value) => Value = ExtensibleEnum.Validate(value);

    /// <summary>Gets <c>auto</c>. The model decides (OpenAI's convention).</summary>
    public static ImageQuality Auto => new("auto");

    /// <summary>Gets <c>low</c>. Fast and cheap (OpenAI's convention).</summary>
    public static ImageQuality Low => new("low");

    /// <summary>Gets <c>medium</c>. The middle (contract).</summary>
    public static ImageQuality Medium => new("medium");

    /// <summary>Gets <c>high</c>. The finest (OpenAI's convention).</summary>
    public static ImageQuality High => new("high");

    /// <summary>Gets the word as it is sent.</summary>
    public string Value => field ?? string.Empty;

    /// <summary>Turns a text into a word.</summary>
    /// <param name="value">The word as the API spells it. Null gives the default, which is not sent.</param>
    public static implicit operator ImageQuality(string? value) => value is null ? default : new(value);

    /// <summary>Turns a text into a word, or null into null.</summary>
    /// <param name="value">The word as the API spells it.</param>
    public static implicit operator ImageQuality?(string? value) => value is null ? default(ImageQuality?) : new ImageQuality(value);

    /// <summary>Compares two words without regard to case.</summary>
    /// <param name="other">The other word.</param>
    /// <returns>True when they are the same word.</returns>
    public bool Equals(ImageQuality other) => ExtensibleEnum.Equal(Value, other.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => ExtensibleEnum.Hash(Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Reads and writes the word as a JSON text.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Converter : JsonConverter<ImageQuality>
    {
        /// <inheritdoc/>
        public override ImageQuality Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(ExtensibleEnum.Read(ref reader));

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, ImageQuality value, JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(writer);

            writer.WriteStringValue(value.Value);
        }
    }
}
