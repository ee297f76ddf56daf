using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageApi.Client.Serialization;

namespace ImageApi.Client;

/// <summary>The ratio of a picture's width to its height. An open word: any text the server knows can be used.</summary>
/// <remarks>Whether it or <see cref="ImageSize"/> wins where both are sent is not documented: send one of the two.</remarks>
[JsonConverter(typeof(Converter))]
public readonly record struct AspectRatio
{
    /// <summary>Initializes a word.</summary>
    /// <param name="value">The word as the API spells it: 1 to 256 characters.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is empty, too long, or holds control characters.</exception>
    public AspectRatio(string value) => Value = ExtensibleEnum.Validate(value);

    /// <summary>Gets <c>1:1</c>. Seen at similar services.</summary>
    public static AspectRatio Square => new("1:1");

    /// <summary>Gets <c>3:2</c>. Seen at similar services.</summary>
    public static AspectRatio Landscape3X2 => new("3:2");

    /// <summary>Gets <c>2:3</c>. Seen at similar services.</summary>
    public static AspectRatio Portrait2X3 => new("2:3");

    /// <summary>Gets <c>4:3</c>. Seen at similar services.</summary>
    public static AspectRatio Landscape4X3 => new("4:3");

    /// <summary>Gets <c>3:4</c>. Seen at similar services.</summary>
    public static AspectRatio Portrait3X4 => new("3:4");

    /// <summary>Gets <c>5:4</c>. Seen at similar services.</summary>
    public static AspectRatio Landscape5X4 => new("5:4");

    /// <summary>Gets <c>4:5</c>. Seen at similar services.</summary>
    public static AspectRatio Portrait4X5 => new("4:5");

    /// <summary>Gets <c>16:9</c>. Contract.</summary>
    public static AspectRatio Landscape16X9 => new("16:9");

    /// <summary>Gets <c>9:16</c>. Seen at similar services.</summary>
    public static AspectRatio Portrait9X16 => new("9:16");

    /// <summary>Gets <c>21:9</c>. Seen at similar services.</summary>
    public static AspectRatio Landscape21X9 => new("21:9");

    /// <summary>Gets the word as it is sent.</summary>
    public string Value => field ?? string.Empty;

    /// <summary>Turns a text into a word.</summary>
    /// <param name="value">The word as the API spells it. Null gives the default, which is not sent.</param>
    public static implicit operator AspectRatio(string? value) => value is null ? default : new(value);

    /// <summary>Turns a text into a word, or null into null.</summary>
    /// <param name="value">The word as the API spells it.</param>
    public static implicit operator AspectRatio?(string? value) => value is null ? default(AspectRatio?) : new AspectRatio(value);

    /// <summary>Compares two words without regard to case.</summary>
    /// <param name="other">The other word.</param>
    /// <returns>True when they are the same word.</returns>
    public bool Equals(AspectRatio other) => ExtensibleEnum.Equal(Value, other.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => ExtensibleEnum.Hash(Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Reads and writes the word as a JSON text.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Converter : JsonConverter<AspectRatio>
    {
        /// <inheritdoc/>
        public override AspectRatio Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(ExtensibleEnum.Read(ref reader));

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, AspectRatio value, JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(writer);

            writer.WriteStringValue(value.Value);
        }
    }
}
