using ImageApi.Emulator.Drawing.Primitives;

namespace ImageApi.Emulator.Drawing.Compositions;

/// <summary>One kind of picture.</summary>
internal interface IComposition
{
    void Draw(DrawingSurface surface);
}
