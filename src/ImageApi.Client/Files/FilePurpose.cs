using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageApi.Client.Serialization;

namespace ImageApi.Client;

/// <summary>What an uploaded file is for. An open word: any text the server knows can be used.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct FilePurpose
{
    /// <summary>Initializes a word.</summary>
    /// <param name="value">The word as the API spells it: 1 to 256 characters.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is empty, too long, or holds control characters.</exception>
    public FilePurpose(string value) => Value = ExtensibleEnum.Validate(value);

    /// <summary>Gets <c>reference</c>. It is used as a reference (contract).</summary>
    public static FilePurpose Reference => new("reference");

    /// <summary>Gets the word as it is sent.</summary>
    public string Value => field ?? string.Empty;

    /// <summary>Turns a text into a word.</summary>
    /// <param name="value">The word as the API spells it. Null gives the default, which is not sent.</param>
    public static implicit operator FilePurpose(string? value) => value is null ? default : new(value);

    /// <summary>Turns a text into a word, or null into null.</summary>
    /// <param name="value">The word as the API spells it.</param>
    public static implicit operator FilePurpose?(string? value) => value is null ? default(FilePurpose?) : new FilePurpose(value);

    /// <summary>Compares two words without regard to case.</summary>
    /// <param name="other">The other word.</param>
    /// <returns>True when they are the same word.</returns>
    public bool Equals(FilePurpose other) => ExtensibleEnum.Equal(Value, other.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => ExtensibleEnum.Hash(Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Reads and writes the word as a JSON text.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Converter : JsonConverter<FilePurpose>
    {
        /// <inheritdoc/>
        public override FilePurpose Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(ExtensibleEnum.Read(ref reader));

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, FilePurpose value, JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(writer);

            writer.WriteStringValue(value.Value);
        }
    }
}
