using ImageApi.Emulator.Drawing.Primitives;

namespace ImageApi.Emulator.Drawing.Compositions;

/// <summary>Draws one kind of image.</summary>
internal interface IComposition
{
    void Draw(DrawingSurface surface);
}
