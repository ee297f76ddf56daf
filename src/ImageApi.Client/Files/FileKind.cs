using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageApi.Client.Serialization;

namespace ImageApi.Client;

/// <summary>What an uploaded file is. An open word: any text the server knows can be used.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct FileKind
{
    /// <summary>Initializes a word.</summary>
    /// <param name="value">The word as the API spells it: 1 to 256 characters.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is empty, too long, or holds control characters.</exception>
    public FileKind(string value) => Value = ExtensibleEnum.Validate(value);

    /// <summary>Gets <c>image</c>. A picture (contract).</summary>
    public static FileKind Image => new("image");

    /// <summary>Gets <c>video</c>. A video (a guess: not documented).</summary>
    public static FileKind Video => new("video");

    /// <summary>Gets <c>audio</c>. Sound (a guess: not documented).</summary>
    public static FileKind Audio => new("audio");

    /// <summary>Gets the word as it is sent.</summary>
    public string Value => field ?? string.Empty;

    /// <summary>Turns a text into a word.</summary>
    /// <param name="value">The word as the API spells it. Null gives the default, which is not sent.</param>
    public static implicit operator FileKind(string? value) => value is null ? default : new(value);

    /// <summary>Turns a text into a word, or null into null.</summary>
    /// <param name="value">The word as the API spells it.</param>
    public static implicit operator FileKind?(string? value) => value is null ? default(FileKind?) : new FileKind(value);

    /// <summary>Compares two words without regard to case.</summary>
    /// <param name="other">The other word.</param>
    /// <returns>True when they are the same word.</returns>
    public bool Equals(FileKind other) => ExtensibleEnum.Equal(Value, other.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => ExtensibleEnum.Hash(Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Reads and writes the word as a JSON text.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Converter : JsonConverter<FileKind>
    {
        /// <inheritdoc/>
        public override FileKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(ExtensibleEnum.Read(ref reader));

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, FileKind value, JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(writer);

            writer.WriteStringValue(value.Value);
        }
    }
}
