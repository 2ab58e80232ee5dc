"""Modelling and studio: everything a piece of jewellery and its photograph are made of. One unit is one millimetre."""
import bpy, math, random
import numpy as np
from mathutils import Matrix, Vector
from math import pi, sin, cos, sqrt, radians as rad

# ------------------------------------------------------------------ scene and objects
OBJS = []          # (object, role) of the piece on the set
_stack = [Matrix.Identity(4)]
_rec = None


def reset():
    bpy.ops.wm.read_factory_settings(use_empty=True)
    OBJS.clear(); _mats.clear(); _links.clear(); _gems.clear()
    _stack[:] = [Matrix.Identity(4)]


class at:
    """with at(move=(x,y,z), rot=(rx,ry,rz) in degrees, scale=s): everything built inside is placed there."""
    def __init__(s, move=(0, 0, 0), rot=(0, 0, 0), scale=1.0, mat=None):
        m = Matrix.Translation(move)
        for i, ax in ((2, 'Z'), (1, 'Y'), (0, 'X')):
            if rot[i]: m = m @ Matrix.Rotation(rad(rot[i]), 4, ax)
        s.m = mat if mat is not None else m @ Matrix.Scale(scale, 4)
    def __enter__(s): _stack.append(_stack[-1] @ s.m)
    def __exit__(s, *a): _stack.pop()


def put(mesh, m=Matrix.Identity(4)):
    if _rec is not None:
        _rec.append((mesh, _stack[-1] @ m)); return None
    o = bpy.data.objects.new(mesh.name, mesh)
    o.matrix_world = _stack[-1] @ m
    bpy.context.scene.collection.objects.link(o)
    OBJS.append(o)
    return o


def record(fn):
    """Build once, place many times."""
    global _rec
    old, _rec = _rec, []
    _stack.append(Matrix.Identity(4))
    fn(); out, _rec = _rec, old
    _stack.pop()
    return out


def place(unit, m=Matrix.Identity(4)):
    for mesh, lm in unit: put(mesh, m @ lm)


def mesh(verts, faces, mat, smooth=True, sharp=None):
    me = bpy.data.meshes.new('m')
    me.from_pydata([tuple(map(float, v)) for v in verts], [], [tuple(map(int, f)) for f in faces])
    me.materials.append(material(mat))
    if smooth:
        me.shade_smooth()
        if sharp: me.set_sharp_from_angle(angle=rad(sharp))
    me.update()
    return me


def add(verts, faces, mat, smooth=True, sharp=None): return put(mesh(verts, faces, mat, smooth, sharp))


def points(objs=None):
    ps = []
    for o in (objs or OBJS):
        n = len(o.data.vertices); a = np.empty(n * 3, np.float32); o.data.vertices.foreach_get('co', a)
        a = a.reshape(-1, 3)
        if n > 1500: a = a[::3]
        w = np.array(o.matrix_world); ps.append(a @ w[:3, :3].T + w[:3, 3])
    return np.concatenate(ps)


class settle:
    """Objects built inside come to rest on z = level."""
    def __init__(s, level=0.0): s.level = level
    def __enter__(s): s.n = len(OBJS); return s
    def __exit__(s, *a):
        new = OBJS[s.n:]
        dz = s.level - points(new)[:, 2].min()
        for o in new: o.matrix_world = Matrix.Translation((0, 0, dz)) @ o.matrix_world


# ------------------------------------------------------------------ materials
_mats = {}
METAL = dict(Y=((0.92, 0.67, 0.31), .10), W=((0.66, 0.648, 0.63), .08), R=((0.93, 0.56, 0.42), .10), PT=((0.60, 0.595, 0.585), .09),
             S=((0.76, 0.757, 0.75), .10))
GEM = dict(D=(2.42, None), SA=(1.77, (.035, .11, .62)), E=(1.58, (.03, .56, .24)), RU=(1.77, (.74, .02, .10)), AQ=(1.58, (.62, .88, .95)),
           AM=(1.55, (.52, .22, .74)), GA=(1.78, (.62, .035, .05)))


def _tree(name):
    m = bpy.data.materials.new(name); m.use_nodes = True
    t = m.node_tree; t.nodes.clear()
    return m, t, t.nodes.new('ShaderNodeOutputMaterial')


def _bsdf(t, **kw):
    b = t.nodes.new('ShaderNodeBsdfPrincipled')
    for k, v in kw.items():
        i = b.inputs[k.replace('_', ' ')]
        i.default_value = (*v, 1) if isinstance(v, tuple) else v
    return b


def _noise_bump(t, b, scale, strength, dist=.1, stretch=None, detail=3):
    c = t.nodes.new('ShaderNodeTexCoord'); mp = t.nodes.new('ShaderNodeMapping'); n = t.nodes.new('ShaderNodeTexNoise'); bu = t.nodes.new('ShaderNodeBump')
    if stretch: mp.inputs['Scale'].default_value = stretch
    n.inputs['Scale'].default_value = scale; n.inputs['Detail'].default_value = detail
    bu.inputs['Strength'].default_value = strength; bu.inputs['Distance'].default_value = dist
    t.links.new(c.outputs['Object'], mp.inputs[0]); t.links.new(mp.outputs[0], n.inputs['Vector'])
    t.links.new(n.outputs[0], bu.inputs['Height']); t.links.new(bu.outputs[0], b.inputs['Normal'])
    return n


def _see_through_shadow(t, shader, tint, out):
    """Stones let light through to what lies under them (caustics are off, so it is said in plain words)."""
    lp = t.nodes.new('ShaderNodeLightPath'); tr = t.nodes.new('ShaderNodeBsdfTransparent'); mx = t.nodes.new('ShaderNodeMixShader')
    tr.inputs[0].default_value = (*tint, 1)
    t.links.new(lp.outputs['Is Shadow Ray'], mx.inputs[0]); t.links.new(shader, mx.inputs[1]); t.links.new(tr.outputs[0], mx.inputs[2])
    t.links.new(mx.outputs[0], out.inputs[0])


def material(key):
    if key in _mats: return _mats[key]
    m, t, out = _tree(key)
    base, _, fin = key.partition('-')
    if base in METAL:
        col, ro = METAL[base]
        b = _bsdf(t, Base_Color=col, Metallic=1.0, Roughness=ro)
        if fin == 'brushed':      # along the finger's circumference
            b.inputs['Roughness'].default_value = .27
            _noise_bump(t, b, 1.0, .35, .04, (3.0, 60.0, 3.0))
        elif fin == 'satin':
            b.inputs['Roughness'].default_value = .30
        elif fin == 'dark':       # oxidised in the grooves
            b.inputs['Base Color'].default_value = (*[c * .25 for c in col], 1); b.inputs['Roughness'].default_value = .4
        t.links.new(b.outputs[0], out.inputs[0])
    elif base in GEM:
        ior, col = GEM[base]
        if base == 'D':           # colourless; a touch over one, for the light that the missing caustics would bring
            g = t.nodes.new('ShaderNodeBsdfGlass'); g.inputs['Color'].default_value = (1.10, 1.10, 1.11, 1); g.inputs['IOR'].default_value = ior; g.inputs['Roughness'].default_value = 0
            _see_through_shadow(t, g.outputs[0], (.9, .9, .9), out)
        else:
            g = t.nodes.new('ShaderNodeBsdfGlass'); g.inputs['Color'].default_value = (*[.62 + .38 * c ** .5 for c in col], 1); g.inputs['IOR'].default_value = ior; g.inputs['Roughness'].default_value = 0
            _see_through_shadow(t, g.outputs[0], tuple(.35 + .6 * c for c in col), out)
            v = t.nodes.new('ShaderNodeVolumeAbsorption'); v.inputs[0].default_value = (*col, 1)
            v.inputs['Density'].default_value = float(fin or .28) * 1.8
            t.links.new(v.outputs[0], out.inputs['Volume'])
    elif base in ('pearl', 'tahiti', 'onyx'):
        if base == 'onyx':
            b = _bsdf(t, Base_Color=(.006, .006, .007), Roughness=.06, Coat_Weight=.6, Coat_Roughness=.02)
        else:
            b = _bsdf(t, Roughness=.30, Metallic=.42, Coat_Weight=.9, Coat_Roughness=.05, Coat_IOR=1.6)
            lw = t.nodes.new('ShaderNodeLayerWeight'); lw.inputs[0].default_value = .45
            cr = t.nodes.new('ShaderNodeValToRGB'); e = cr.color_ramp.elements
            if base == 'pearl':
                e[0].color = (.90, .84, .785, 1); e[1].color = (.80, .66, .64, 1); e[1].position = .85
                x = e.new(.4); x.color = (.89, .80, .765, 1)
                b.inputs['Sheen Weight'].default_value = .25; b.inputs['Sheen Tint'].default_value = (1, .85, .85, 1)
            else:
                b.inputs['Metallic'].default_value = .55; b.inputs['Roughness'].default_value = .30
                e[0].color = (.115, .125, .125, 1); e[1].color = (.15, .11, .15, 1); e[1].position = .9
                x = e.new(.45); x.color = (.085, .125, .112, 1)
            oi = t.nodes.new('ShaderNodeObjectInfo'); hs = t.nodes.new('ShaderNodeHueSaturation'); mr = t.nodes.new('ShaderNodeMapRange')
            k = .012 if base == 'pearl' else .09
            mr.inputs['To Min'].default_value = .5 - k; mr.inputs['To Max'].default_value = .5 + k
            t.links.new(lw.outputs['Facing'], cr.inputs[0]); t.links.new(cr.outputs[0], hs.inputs['Color'])
            t.links.new(oi.outputs['Random'], mr.inputs[0]); t.links.new(mr.outputs[0], hs.inputs['Hue'])
            t.links.new(hs.outputs[0], b.inputs['Base Color'])
        t.links.new(b.outputs[0], out.inputs[0])
    elif base == 'silk':
        t.links.new(_bsdf(t, Base_Color=(.85, .81, .75), Roughness=.7).outputs[0], out.inputs[0])
    elif base == 'paper':
        t.links.new(_bsdf(t, Base_Color=(.80, .765, .715), Roughness=.9, Specular_IOR_Level=.1).outputs[0], out.inputs[0])
    elif base in ('plaster', 'stone', 'slate', 'wood', 'linen'):
        col, col2, ro, sc, st, stretch, spec = dict(
            plaster=((.76, .71, .645), (.72, .665, .60), .85, .12, .12, None, .2), stone=((.66, .59, .50), (.55, .475, .39), .6, .10, .22, (1, 1, 3), .3),
            slate=((.045, .047, .05), (.03, .031, .033), .62, .30, .35, (1, 1, 4), .35), wood=((.40, .235, .125), (.25, .135, .065), .5, .16, .12, (.35, 5, 5), .35),
            linen=((.70, .645, .57), (.62, .56, .485), .95, .2, .0, None, .05))[base]
        b = _bsdf(t, Roughness=ro, Specular_IOR_Level=spec)
        n = _noise_bump(t, b, sc, st, .6, stretch, 8)
        cr = t.nodes.new('ShaderNodeValToRGB'); cr.color_ramp.elements[0].color = (*col2, 1); cr.color_ramp.elements[1].color = (*col, 1)
        cr.color_ramp.elements[0].position = .35; cr.color_ramp.elements[1].position = .62
        t.links.new(n.outputs[0], cr.inputs[0]); t.links.new(cr.outputs[0], b.inputs['Base Color'])
        if base == 'linen':       # a weave: two crossed waves
            bu = t.nodes.new('ShaderNodeBump'); bu.inputs['Strength'].default_value = .55; bu.inputs['Distance'].default_value = .25
            c = t.nodes.new('ShaderNodeTexCoord'); mxx = t.nodes.new('ShaderNodeMath'); mxx.operation = 'MAXIMUM'
            for d, i in (('X', 0), ('Y', 1)):
                w = t.nodes.new('ShaderNodeTexWave'); w.bands_direction = d; w.inputs['Scale'].default_value = float(fin or .55); w.inputs['Distortion'].default_value = 1.2
                w.inputs['Detail'].default_value = 2; w.inputs['Detail Scale'].default_value = .6
                t.links.new(c.outputs['Object'], w.inputs[0]); t.links.new(w.outputs['Fac'], mxx.inputs[i])
            t.links.new(mxx.outputs[0], bu.inputs['Height']); t.links.new(bu.outputs[0], b.inputs['Normal'])
        t.links.new(b.outputs[0], out.inputs[0])
    _mats[key] = m
    return m


# ------------------------------------------------------------------ solids
def sphere(r, mat, c=(0, 0, 0), seg=24, scale=(1, 1, 1)):
    key = ('sph', mat, seg)
    if key not in _links:
        v = [(0, 0, 1)]; f = []
        n, k = seg, seg // 2
        for j in range(1, k):
            for i in range(n): v.append((sin(pi * j / k) * cos(2 * pi * i / n), sin(pi * j / k) * sin(2 * pi * i / n), cos(pi * j / k)))
        v.append((0, 0, -1))
        for i in range(n):
            f.append((0, 1 + i, 1 + (i + 1) % n))
            for j in range(k - 2):
                a = 1 + j * n; f.append((a + i, a + n + i, a + n + (i + 1) % n, a + (i + 1) % n))
            a = 1 + (k - 2) * n; f.append((a + (i + 1) % n, a + i, len(v) - 1))
        _links[key] = mesh(v, f, mat)
    return put(_links[key], Matrix.Translation(c) @ Matrix.Diagonal((r * scale[0], r * scale[1], r * scale[2], 1)))


_links = {}


def grid(P, mat, cu=False, cv=False, smooth=True, caps=False, sharp=None, data=False):
    """P[i][j] -> quads."""
    P = np.asarray(P, float); n, k = P.shape[:2]
    f = []
    for i in range(n if cu else n - 1):
        for j in range(k if cv else k - 1):
            f.append((i * k + j, i * k + (j + 1) % k, ((i + 1) % n) * k + (j + 1) % k, ((i + 1) % n) * k + j))
    if caps and not cu:
        f.append(tuple(range(k))[::-1]); f.append(tuple((n - 1) * k + j for j in range(k)))
    me = mesh(P.reshape(-1, 3), f, mat, smooth, sharp)
    return me if data else put(me)


def sweep(path, sec, mat, closed=False, ups=None, scale=None, caps=True, twist=0.0, smooth=True, sharp=None, data=False):
    """sec: (u, v) across and up. ups: the direction of v at every point, or one for all; scale: per point (su, sv)."""
    path = np.asarray(path, float); n = len(path); sec = np.asarray(sec, float)
    if closed: T = np.roll(path, -1, 0) - np.roll(path, 1, 0)
    else: T = np.gradient(path, axis=0)
    T /= np.linalg.norm(T, axis=1)[:, None]
    if ups is None:
        u = np.array([0, 0, 1.]); 
        if abs(T[0] @ u) > .9: u = np.array([0, 1., 0])
        U = []
        for t in T:
            u = u - t * (t @ u); u /= np.linalg.norm(u); U.append(u)
        U = np.array(U)
    else:
        U = np.broadcast_to(np.asarray(ups, float), path.shape); U = U - T * (T * U).sum(1)[:, None]; U = U / np.linalg.norm(U, axis=1)[:, None]
    B = np.cross(T, U)
    P = np.empty((n, len(sec), 3))
    for i in range(n):
        s = sec * (scale[i] if scale is not None else 1.0)
        if twist:
            a = twist * i / (n if closed else n - 1); s = s @ np.array([[cos(a), sin(a)], [-sin(a), cos(a)]])
        P[i] = path[i] + s[:, :1] * B[i] + s[:, 1:] * U[i]
    return grid(P, mat, closed, True, smooth, caps, sharp, data)


def circle(r, n=16): return [(r * cos(2 * pi * i / n), r * sin(2 * pi * i / n)) for i in range(n)]


def rrect(w, h, r, k=4, e=.015):
    """rounded rectangle, with support points so that flats shade flat"""
    out = []
    for cx, cy, a0 in ((w / 2 - r, h / 2 - r, 0), (-w / 2 + r, h / 2 - r, pi / 2), (-w / 2 + r, -h / 2 + r, pi), (w / 2 - r, -h / 2 + r, 1.5 * pi)):
        arc = [(cx + r * cos(a0 + pi / 2 * i / k), cy + r * sin(a0 + pi / 2 * i / k)) for i in range(k + 1)]
        t0 = (sin(a0) * e, -cos(a0) * e); t1 = (-sin(a0 + pi / 2) * e, cos(a0 + pi / 2) * e)
        out += [(arc[0][0] + t0[0], arc[0][1] + t0[1])] + arc + [(arc[-1][0] + t1[0], arc[-1][1] + t1[1])]
    return out


def superell(w, h, p, n=40):
    out = []
    for i in range(n):
        a = 2 * pi * i / n; c, s = cos(a), sin(a)
        out.append((w / 2 * math.copysign(abs(c) ** (2 / p), c), h / 2 * math.copysign(abs(s) ** (2 / p), s)))
    return out


def court(w, h, n=40):
    """domed outside, nearly flat inside"""
    return [(x, y if y > 0 else y * .45) for x, y in superell(w, h * 1.35, 2.3, n)]


def tube(pts, r, mat, closed=False, n=14, cap=True):
    pts = np.asarray(pts, float); rr = np.broadcast_to(r, (len(pts),))
    sweep(pts, circle(1, n), mat, closed, scale=[(x, x) for x in rr], caps=cap and not closed)
    if cap and not closed:
        for p, x in ((pts[0], rr[0]), (pts[-1], rr[-1])): sphere(x, mat, tuple(p), n)


def torus(R, r, mat, n=96, k=20, plane='XY', data=False, sec=None):
    a = np.linspace(0, 2 * pi, n, False); z = 0 * a
    c, s = R * np.cos(a), R * np.sin(a)
    p = dict(XY=(c, s, z), XZ=(c, z, s), YZ=(z, c, s))[plane]
    P = np.stack(p, 1)
    return sweep(P, sec or circle(r, k), mat, True, ups=P / R, data=data)


def lathe(prof, mat, n=96, sharp=None, smooth=True):
    """prof: (r, z) from the axis outwards and around"""
    P = [[(r * cos(2 * pi * i / n), r * sin(2 * pi * i / n), z) for r, z in prof] for i in range(n)]
    return grid(P, mat, True, False, smooth, sharp=sharp)


def rbox(x, y, z, r, mat, k=4):
    """rounded box: a swept rounded rectangle with rounded ends"""
    P = []
    hs = []
    for i in range(k + 1):
        a = pi / 2 * i / k; hs.append((-z / 2 + r - r * cos(a), r - r * sin(a)))
    hs = [(-z / 2, r * .98)] + hs[0:]
    rows = hs + [(-h, ins) for h, ins in hs[::-1]]
    for h, ins in rows:
        P.append([(px, py, h) for px, py in rrect(x - 2 * ins, y - 2 * ins, max(r - ins, r * .15) if ins < r else r * .15, k)])
    return grid(P, mat, False, True, True, True, sharp=40)


def line(a, b, n=12): return np.linspace(np.asarray(a, float), np.asarray(b, float), n)


def arcpts(R, a0, a1, n=96, plane='XZ'):
    a = np.radians(np.linspace(a0, a1, n)); z = 0 * a
    return np.stack(dict(XY=(R * np.cos(a), R * np.sin(a), z), XZ=(R * np.sin(a), z, R * np.cos(a)))[plane], 1)


# ------------------------------------------------------------------ gems: real facets
_gems = {}


def _polyhedron(planes):
    """vertices and faces of the convex body n.x <= d"""
    N = np.array([p[0] for p in planes], float); D = np.array([p[1] for p in planes], float)
    L = np.linalg.norm(N, axis=1); N /= L[:, None]; D = D / L
    m = len(N); I = np.array([(i, j, k) for i in range(m) for j in range(i + 1, m) for k in range(j + 1, m)])
    A = N[I]; det = np.linalg.det(A); ok = abs(det) > 1e-7; I = I[ok]; A = A[ok]
    X = np.linalg.solve(A, D[I][..., None])[..., 0]
    X = X[(X @ N.T <= D + 1e-7).all(1)]
    V = []
    for x in X:
        if not any(np.abs(x - v).max() < 1e-5 for v in V): V.append(x)
    V = np.array(V); F = []
    for n, d in zip(N, D):
        idx = np.where(abs(V @ n - d) < 2e-5)[0]
        if len(idx) < 3: continue
        c = V[idx].mean(0); a = np.cross(n, [0.3, .5, .8]); a /= np.linalg.norm(a); b = np.cross(n, a)
        q = V[idx] - c; F.append(list(idx[np.argsort(np.arctan2(q @ b, q @ a))]))
    return V, F


def brilliant(g=32):
    """round brilliant, diameter 1, girdle at z = 0"""
    key = 'brilliant'
    if key in _gems: return _gems[key]
    P = []
    tab, ca, pa, gt = .285, 34.3, 40.8, .012
    sx = lambda a: (cos(a), sin(a))
    ch = (.5 - tab) * math.tan(rad(ca)) * 1.0 + gt
    P.append(((0, 0, 1), ch))
    P.append(((0, 0, -1), .5 * math.tan(rad(pa)) - .004 + gt))
    for i in range(8):
        a = pi / 4 * i
        x, y = sx(a); s, c = sin(rad(ca)), cos(rad(ca))
        P.append(((x * s, y * s, c), .5 * s + gt * c))                       # kites
        s, c = sin(rad(pa)), cos(rad(pa)); P.append(((x * s, y * s, -c), .5 * s + gt * c))   # pavilion mains
        b = a + pi / 8; x, y = sx(b)
        # star facet: passes through the table's corner edge midpoint
        s, c = sin(rad(22)), cos(rad(22))
        P.append(((x * s, y * s, c), tab * cos(pi / 8) * s * 1.0 + ch * c))
    for i in range(16):
        a = pi / 8 * i + pi / 16
        x, y = sx(a); s, c = sin(rad(41.2)), cos(rad(41.2)); r = .5 * cos(pi / 16) * 1.004
        P.append(((x * s, y * s, c), r * s + gt * c))
        s, c = sin(rad(42.4)), cos(rad(42.4)); P.append(((x * s, y * s, -c), r * s + gt * c))
    for i in range(g):
        a = 2 * pi * (i + .5) / g; P.append(((cos(a), sin(a), 0), .5 * cos(pi / g)))
    _gems[key] = _polyhedron(P)
    return _gems[key]


def outline(cut, L, W, n=64):
    """girdle outline, counter-clockwise; L along y, W along x"""
    if cut == 'emerald':
        c = min(L, W) * .13; w, l = W / 2, L / 2
        k = [(w, -l + c), (w, l - c), (w - c, l), (-w + c, l), (-w, l - c), (-w, -l + c), (-w + c, -l), (w - c, -l)]
        out = []
        for i in range(8):
            a, b = np.array(k[i]), np.array(k[(i + 1) % 8]); m = max(2, int(n / 8))
            out += [tuple(a + (b - a) * j / m) for j in range(m)]
        return np.array(out)
    a = np.linspace(0, 2 * pi, n, False)
    return np.array([_warp(cut, cos(t), sin(t)) for t in a]) * [W / 2, L / 2]


def _warp(cut, x, y):
    """unit disc -> unit outline"""
    if cut == 'cushion':
        r = math.hypot(x, y)
        if r < 1e-9: return x, y
        t = math.atan2(y, x); p = 3.1
        k = (abs(cos(t)) ** p + abs(sin(t)) ** p) ** (-1 / p)
        return x * (1 + (k - 1) * min(1, r)), y * (1 + (k - 1) * min(1, r))
    if cut == 'pear':
        t = max(0.0, y)
        return x * (1 - .42 * t ** 1.6 - .0 * t), (y * 1.18 + .0 if y > 0 else y * .82)
    return x, y


def _emerald_mesh(L, W):
    d = min(L, W); c0 = d * .13
    def ring(t, z):
        w, l, c = W / 2 - t, L / 2 - t, max(c0 - t * .586, d * .004)
        return [(w, -l + c, z), (w, l - c, z), (w - c, l, z), (-w + c, l, z), (-w, l - c, z), (-w, -l + c, z), (-w + c, -l, z), (w - c, -l, z)]
    steps = []
    z, t = d * .02, 0
    crown = []
    for a, dt in ((46, .055), (38, .065), (28, .07)):
        crown.append((t, z)); z += dt * d * math.tan(rad(a)); t += dt * d
    crown.append((t, z))
    z, t = -d * .02, 0
    pav = []
    for a, dt in ((57, .10), (47, .16), (38, .215)):
        pav.append((t, z)); z -= dt * d * math.tan(rad(a)); t += dt * d
    pav.append((t, z))
    R = [ring(t, z) for t, z in crown[::-1] + pav]
    V = [v for r in R for v in r]; F = [tuple(range(8))]
    for i in range(len(R) - 1):
        for j in range(8): F.append((i * 8 + j, (i + 1) * 8 + j, (i + 1) * 8 + (j + 1) % 8, i * 8 + (j + 1) % 8))
    F.append(tuple((len(R) - 1) * 8 + j for j in range(8))[::-1])
    return np.array(V), F, crown[-1][1], -pav[-1][1]


def gem(cut, L, W, mat, c=(0, 0, 0)):
    """girdle at c, table up (+z). Returns crown height and pavilion depth."""
    key = (cut, round(L, 3), round(W, 3), mat)
    if key not in _gems:
        if cut == 'emerald':
            V, F, ch, pd = _emerald_mesh(L, W)
        else:
            V, F = brilliant(); V = V.copy()
            d = min(L, W); ch, pd = V[:, 2].max() * d, -V[:, 2].min() * d
            V = np.array([(*(np.array(_warp(cut, v[0] * 2, v[1] * 2)) * [W / 2, L / 2]), v[2] * d) for v in V])
        me = mesh(V, F, mat, smooth=False)
        import bmesh
        bm = bmesh.new(); bm.from_mesh(me); bmesh.ops.recalc_face_normals(bm, faces=bm.faces); bm.to_mesh(me); bm.free()
        _gems[key] = (me, ch, pd)
    me, ch, pd = _gems[key]
    put(me, Matrix.Translation(c))
    return ch, pd


def gem_dims(cut, L, W):
    d = min(L, W)
    return (d * .15, d * .38) if cut == 'emerald' else (d * .159, d * .44)


# ------------------------------------------------------------------ settings
def _along(o, z): return np.array([(x, y, z) for x, y in o])


def _normals(o):
    T = np.roll(o, -1, 0) - np.roll(o, 1, 0); N = np.stack([T[:, 1], -T[:, 0]], 1); return N / np.linalg.norm(N, axis=1)[:, None]


def offset(o, d): return o + _normals(o) * d


def claws_at(cut, L, W, n=4):
    if cut == 'emerald':
        c = min(L, W) * .075; return [(sx * (W / 2 - c), sy * (L / 2 - c)) for sx in (1, -1) for sy in (1, -1)]
    if cut == 'pear':
        return [tuple(np.array(_warp(cut, cos(rad(a)), sin(rad(a)))) * [W / 2, L / 2]) for a in (90, 20, 160, 235, 305)]
    if cut == 'cushion':
        return [tuple(np.array(_warp(cut, cos(rad(a)), sin(rad(a)))) * [W / 2, L / 2]) for a in (45, 135, 225, 315)]
    off = 45 if n == 4 else 30
    return [(W / 2 * cos(rad(off + 360 / n * i)), L / 2 * sin(rad(off + 360 / n * i))) for i in range(n)]


def claw_head(cut, L, W, gmat, metal, base, n=4, wire=None, rail=True, z=None):
    """A stone in claws above z = base. Returns girdle height."""
    ch, pd = gem_dims(cut, L, W)
    g = z if z is not None else base + pd + .35
    gem(cut, L, W, gmat, (0, 0, g))
    w = wire or max(.34, min(L, W) * .075)
    for x, y in claws_at(cut, L, W, n):
        l = math.hypot(x, y); ux, uy = x / l, y / l
        k = (l + w * .25) / l
        pts = [(x * .42, y * .42, base - .3), (x * .68, y * .68, base + (g - base) * .38), (x * k, y * k, g - .1), (x * k, y * k, g + ch * .30), (x - ux * w * .55, y - uy * w * .55, g + ch * .80 + w * .15)]
        P = bezier(pts, 16)
        tube(P, np.interp(np.linspace(0, 1, len(P)), [0, .6, 1], [w * 1.05, w, w * .85]), metal, n=12)
    if rail:
        o = outline(cut, L, W) * .70
        tube(_along(o, base + (g - base) * .40), w * .72, metal, True)
    return g


def bezier(pts, n=24):
    """Catmull-Rom through the points"""
    p = np.asarray(pts, float); p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    out = []
    m = len(p) - 3
    for i in range(m):
        t = np.linspace(0, 1, max(3, n // m), endpoint=(i == m - 1))[:, None]
        a, b, c, d = p[i:i + 4]
        out.append(.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t ** 2 + (3 * b - a - 3 * c + d) * t ** 3))
    return np.vstack(out)


def bezel(cut, L, W, gmat, metal, z, wall=.45, depth=1.6, floor=False):
    """girdle at z in a straight collar"""
    gem(cut, L, W, gmat, (0, 0, z))
    ch, pd = gem_dims(cut, L, W)
    o = outline(cut, L, W, 96)
    sec = rrect(wall, depth + ch * .55, wall * .35)
    sec = [(u, v - depth / 2 + ch * .28) for u, v in sec]
    p = _along(offset(o, wall / 2 - .06), z)
    sweep(p, [(-u, v) for u, v in sec][::-1], metal, True, ups=(0, 0, 1))
    if floor: lathe([(0, z - depth), (W / 2, z - depth), (W / 2, z - depth + .3), (0, z - depth + .3)], metal)


def stones_along(path, normals, tang, d, gmat, metal, closed=True, bead=.17, side=.5, gap=.08):
    """small brilliants along a path (already spaced), with beads between them on both sides"""
    n = len(path)
    for i in range(n):
        p, N, T = (Vector(q) for q in (path[i], normals[i], tang[i]))
        N.normalize(); T = (T - N * T.dot(N)).normalized(); S = N.cross(T)
        m = Matrix((T, S, N)).transposed().to_4x4(); m.translation = p
        with at(mat=m):
            gem('round', d, d, gmat)
            if metal and (closed or i < n - 1):
                h = (Vector(path[(i + 1) % n]) - p).length / 2
                for s in (1, -1): sphere(bead * d, metal, (h, s * d * side, d * .05), 10)


def resample(path, step=None, n=None, closed=True):
    p = np.asarray(path, float)
    if closed: p = np.vstack([p, p[:1]])
    s = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(p, axis=0), axis=1))])
    if n is None: n = max(3, int(round(s[-1] / step)))
    t = np.linspace(0, s[-1], n, endpoint=not closed)
    return np.stack([np.interp(t, s, p[:, i]) for i in range(p.shape[1])], 1)


def channel(w, h, wall=.16, floor=.25):
    """U section, opening up; its top at v = 0"""
    return [(w / 2, 0), (w / 2, -h), (-w / 2, -h), (-w / 2, 0), (-w / 2 + wall, 0), (-w / 2 + wall, -h + floor), (w / 2 - wall, -h + floor), (w / 2 - wall, 0)]


def halo(cut, L, W, d, metal, gmat, z, gap=.12, n=None):
    o = offset(outline(cut, L, W, 160), gap + d / 2 + .1)
    P = resample(_along(o, z), step=d * 1.04, n=n)
    sweep(_along(o, z - .02), [(-u, v) for u, v in channel(d * 1.22, d * .62)][::-1], metal, True, ups=(0, 0, 1), smooth=True, sharp=35)
    T = np.roll(P, -1, 0) - np.roll(P, 1, 0)
    stones_along(P, [(0, 0, 1)] * len(P), T, d * .97, gmat, metal, bead=.13, side=.5)
    return d * 1.22 + gap


# ------------------------------------------------------------------ bands
def band(ri, sec, mat, width=None, thick=None, n=200, a0=0, a1=360, smooth=True, sharp=35):
    """Ring round the y axis, top at +z, inner radius ri. width/thick: functions of the angle from the top (0..pi) -> factor."""
    v0 = min(v for _, v in sec)
    closed = a1 - a0 >= 360
    a = np.radians(np.linspace(a0, a1, n, endpoint=not closed))
    N = np.stack([np.sin(a), 0 * a, np.cos(a)], 1)
    f = [abs((x + pi) % (2 * pi) - pi) for x in a]
    sc = [(width(x) if width else 1, thick(x) if thick else 1) for x in f]
    return sweep(N * ri, [(u, v - v0) for u, v in sec], mat, closed, ups=N, scale=sc, sharp=sharp)


def stones_on_band(r, angles, d, gmat, metal, bead=.15):
    a = np.radians(angles)
    P = np.stack([r * np.sin(a), 0 * a, r * np.cos(a)], 1)
    N = P / r; T = np.stack([np.cos(a), 0 * a, -np.sin(a)], 1)
    closed = len(angles) * (angles[1] - angles[0]) >= 359
    stones_along(P, N, T, d, gmat, metal, closed=closed, bead=bead, side=.46)


# ------------------------------------------------------------------ chains
def link_mesh(kind, L, W, r, mat, twist=0.0, flat=None, sec=None):
    key = ('link', kind, L, W, r, mat, twist, flat)
    if key in _links: return _links[key]
    if kind == 'box':
        P = []
        pts = np.array(rrect(L - 2 * r, W - 2 * r, r * 1.1, 3)); p = np.column_stack([pts, 0 * pts[:, 0]])
        me = sweep(p, rrect(W * .62, 2 * r, r * .5, 2), mat, True, ups=np.column_stack([pts / np.linalg.norm(pts, axis=1)[:, None], 0 * pts[:, 0]]), data=True, sharp=40)
        v = me
    else:
        R = W / 2 - r; h = max(0, L / 2 - W / 2); a = np.linspace(-pi / 2, pi / 2, 14)
        right = np.stack([h + R * np.cos(a), R * np.sin(a)], 1); left = -right
        st = np.linspace(h, -h, 6)[1:-1] if h > 1e-6 else []
        pts = np.vstack([right] + ([np.stack([st, 0 * st + R], 1)] if len(st) else []) + [left] + ([np.stack([-np.array(st), 0 * st - R], 1)] if len(st) else []))
        p = np.column_stack([pts, 0 * pts[:, 0]])
        me = sweep(p, sec or circle(r, 12), mat, True, ups=(0, 0, 1), data=True)
        v = me
    if twist or flat:
        for q in v.vertices:
            x, y, z = q.co
            if twist:
                a = rad(twist) * max(-1, min(1, x / (L / 2 - r))); y, z = y * cos(a) - z * sin(a), y * sin(a) + z * cos(a)
            if flat: z = flat * math.tanh(z / flat)
            q.co = (x, y, z)
        v.update()
    _links[key] = v
    return v


def frame_at(p, t, up, roll=0.0):
    t = Vector(t).normalized(); up = Vector(up); z = (up - t * up.dot(t)).normalized(); y = z.cross(t)
    m = Matrix((t, y, z)).transposed().to_4x4(); m.translation = Vector(p)
    return m @ Matrix.Rotation(rad(roll), 4, 'X')


def along(path, up=(0, 0, 1)):
    """arc-length walker"""
    p = np.asarray(path, float); s = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(p, axis=0), axis=1))])
    def at_(x): return np.array([np.interp(x, s, p[:, i]) for i in range(3)])
    def fr(x, roll=0, half=.6):
        a, b = at_(max(0, x - half)), at_(min(s[-1], x + half)); return frame_at(at_(x), b - a, up, roll)
    return fr, s[-1]


def chain(path, kind, L, W, r, mat, up=(0, 0, 1), rolls=(45, -45), jitter=6, start=0.0, end=None, seed=1):
    rnd = random.Random(seed); fr, tot = along(path, up); end = tot if end is None else end
    x = start + L / 2; i = 0; 
    lens = [L]
    if kind == 'figaro': lens = [L, L, L, L * 2.1]
    while True:
        l = lens[i % len(lens)]
        if kind == 'curb': me = link_mesh('o', l, W, r, mat, 42, r * 1.05)
        elif kind == 'box': me = link_mesh('box', l, W, r, mat)
        else: me = link_mesh('o', l, W, r, mat)
        if x + l / 2 > end: return fr(x - l / 2, 0, l * .4)
        roll = 0 if kind == 'curb' else rolls[i % 2]
        put(me, fr(x, roll + rnd.uniform(-jitter, jitter), l * .4))
        i += 1; x += (l + lens[i % len(lens)]) / 2 - (4 * r if kind != 'curb' else 4.3 * r) * .97


def catenary(width, drop, n=400, z0=0.0, y=0.0):
    """hangs at (0, y, z0), rises to +-width at z0 + drop"""
    lo, hi = .02, 200.
    for _ in range(80):
        c = (lo + hi) / 2
        v = c * (math.cosh(min(width / c, 300)) - 1)
        if v > drop: lo = c
        else: hi = c
    x = np.linspace(-width, width, n)
    P = np.stack([x, 0 * x + y, z0 + c * (np.cosh(np.clip(x / c, -300, 300)) - 1)], 1)
    return resample(P, n=n, closed=False)


# ------------------------------------------------------------------ studio
def _emit(name, col, strength, size, loc, look=(0, 0, 0), spread=None, cam=False, shape='RECTANGLE', diffuse=True):
    l = bpy.data.lights.new(name, 'AREA'); l.shape = shape; l.size, l.size_y = size; l.energy = strength; l.color = col
    o = bpy.data.objects.new(name, l); o.location = loc
    o.rotation_euler = (Vector(look) - Vector(loc)).to_track_quat('-Z', 'Y').to_euler()
    o.visible_camera = cam; o.visible_diffuse = diffuse
    bpy.context.scene.collection.objects.link(o)
    return o


def _card(col, size, loc, look=(0, 0, 0), strength=0.0):
    """a card that only reflections and refractions see"""
    me = bpy.data.meshes.new('card'); a, b = size[0] / 2, size[1] / 2
    me.from_pydata([(-a, -b, 0), (a, -b, 0), (a, b, 0), (-a, b, 0)], [], [(0, 1, 2, 3)])
    m, t, out = _tree('card'); e = t.nodes.new('ShaderNodeEmission'); e.inputs[0].default_value = (*col, 1); e.inputs[1].default_value = strength if strength else 1
    if not strength: e.inputs[0].default_value = (*col, 1)
    t.links.new(e.outputs[0], out.inputs[0]); me.materials.append(m)
    o = bpy.data.objects.new('card', me); o.location = loc
    o.rotation_euler = (Vector(look) - Vector(loc)).to_track_quat('Z', 'Y').to_euler()
    for k in ('camera', 'diffuse', 'shadow', 'volume_scatter'): setattr(o, 'visible_' + k, False)
    m.cycles.emission_sampling = 'NONE'
    bpy.context.scene.collection.objects.link(o)
    return o


def surface(kind, size, wall=False):
    """the seamless backdrop; wall: an upright one just behind the piece"""
    s = size
    if wall is not False:
        y = wall
        v = [(-40 * s, y, -40 * s), (40 * s, y, -40 * s), (40 * s, y, 40 * s), (-40 * s, y, 40 * s)]; f = [(0, 1, 2, 3)]
        me = mesh(v, f, kind, False)
    else:
        prof = [(-60 * s, 0), (-10 * s, 0), (9 * s, 0), (9.9 * s, 0)] + [(10 * s + 16 * s * sin(a), 16 * s - 16 * s * cos(a)) for a in np.linspace(0, pi / 2, 64)] + [(26 * s, 16.2 * s), (26 * s, 80 * s)]
        P = [[(x, y, z) for y, z in prof] for x in (-60 * s, 60 * s)]
        me = grid(P, kind, smooth=True, data=True)
    o = bpy.data.objects.new('set', me); bpy.context.scene.collection.objects.link(o)
    return o


def prop_disc(r, h, kind, level=0.0, c=(0, 0)):
    k = min(h * .12, 1.2); n0 = len(OBJS)
    with at((c[0], c[1], level)):
        pr = [(0, h)] + [(r - k + k * sin(a), h - k + k * cos(a)) for a in np.linspace(0, pi / 2, 6)] + [(r, 0)]
        pr.insert(1, (r - k - .05, h))
        lathe(pr, kind, 160, sharp=50)
    del OBJS[n0:]


def prop_slab(x, y, h, kind, level=0.0, c=(0, 0), rot=0, r=None):
    n0 = len(OBJS)
    with at((c[0], c[1], level + h / 2), (0, 0, rot)): rbox(x, y, h, r or min(1.0, h * .15), kind)
    del OBJS[n0:]


def studio(S, centre, cam_dir, wall=False, sparkle=True, tone='light'):
    """S: radius of the piece. Softboxes, dark cards and sparks scale with it."""
    c = Vector(centre); sc = bpy.context.scene
    w = bpy.data.worlds.new('w'); sc.world = w; w.use_nodes = True; t = w.node_tree; bg = t.nodes['Background']
    tc = t.nodes.new('ShaderNodeTexCoord'); sx = t.nodes.new('ShaderNodeSeparateXYZ'); cr = t.nodes.new('ShaderNodeValToRGB'); mr = t.nodes.new('ShaderNodeMapRange')
    mr.inputs['From Min'].default_value = -1
    t.links.new(tc.outputs['Generated'], sx.inputs[0]); t.links.new(sx.outputs['Z'], mr.inputs[0]); t.links.new(mr.outputs[0], cr.inputs[0]); t.links.new(cr.outputs[0], bg.inputs[0])
    e = cr.color_ramp.elements; e[0].color = (.30, .285, .27, 1); e[0].position = .35; e[1].color = (.92, .91, .89, 1); e[1].position = .8
    x = e.new(.52); x.color = (.42, .40, .375, 1)
    bg.inputs[1].default_value = .45; w.cycles.sampling_method = 'MANUAL'; w.cycles.sample_map_resolution = 64
    lp = t.nodes.new('ShaderNodeLightPath'); ms = t.nodes.new('ShaderNodeMath'); ms.operation = 'MULTIPLY_ADD'     # stones see a brighter room
    ms.inputs[1].default_value = .85; ms.inputs[2].default_value = .45
    t.links.new(lp.outputs['Is Transmission Ray'], ms.inputs[0]); t.links.new(ms.outputs[0], bg.inputs[1])
    q = S * S
    P = lambda a, b, d: c + Vector((a, b, d)) * S
    _emit('key', (1, .975, .94), 330 * q, (6 * S, 6 * S), P(-5.5, -1.5, 7.5), c)
    _emit('back', (1, .98, .96), 130 * q, (8 * S, 3 * S), P(2, 6.5 if wall is False else 1.5, 7), c)
    _emit('fill', (.96, .98, 1), 55 * q, (4 * S, 7 * S), P(8, -3.5, 3.2), c)
    _emit('strip', (1, 1, 1), 22 * q, (.7 * S, 6 * S), P(-5, -6, 2.4), c, diffuse=False)
    # dark cards: what gives polished metal its drawing
    D = (.012, .011, .010)
    _card(D, (3.4 * S, 7 * S), P(4.2, -7.2, 3.0), c)
    _card(D, (1.6 * S, 6 * S), P(-2.6, -8.5, 3.6), c)
    _card(D, (1.3 * S, 7 * S), P(-8.5, 2.2, 2.0), c)
    _card(D, (1.6 * S, 5 * S), P(8.5, 2.4, 3.4), c)
    _card(D, (2.2 * S, .9 * S), P(.8, -1.2, 10), c)
    _card(D, (5 * S, .8 * S), P(1, -9.5, .6), c)
    if tone == 'dark': _card((.10, .095, .09), (7 * S, 2.6 * S), P(0, -11, 1.6), c)
    if sparkle:
        rnd = random.Random(7)
        for i in range(48):
            a, h = rnd.uniform(0, 2 * pi), rnd.uniform(.35, 1.35)
            v = Vector((cos(a) * cos(h), sin(a) * cos(h), sin(h))) * (9.3 * S)
            k = rnd.uniform(.2, .42) * S
            _card((1, .98, .95), (k, k), c + v, c, rnd.uniform(10, 26))


def camera(dir_deg, elev_deg, pts, fill=.70, lens=85, fstop=None, focus=None, shift=(0, 0), aspect=1.0, roll=0.0):
    """looks at the piece from azimuth (0 = front, -y) and elevation, and frames its points"""
    a, e = rad(dir_deg), rad(elev_deg)
    d = Vector((sin(a) * cos(e), -cos(a) * cos(e), sin(e)))
    cam = bpy.data.cameras.new('cam'); cam.lens = lens; cam.sensor_width = 36; cam.sensor_fit = 'HORIZONTAL' if aspect >= 1 else 'AUTO'
    o = bpy.data.objects.new('cam', cam); bpy.context.scene.collection.objects.link(o); bpy.context.scene.camera = o
    q = d.to_track_quat('Z', 'Y') @ Matrix.Rotation(rad(roll), 4, 'Z').to_quaternion()
    R = np.array(q.to_matrix())                         # columns: right, up, back
    pts = np.asarray(pts); tgt = (pts.min(0) + pts.max(0)) / 2; dist = 6 * np.ptp(pts, axis=0).max()
    th = 18 / lens
    for _ in range(12):
        pos = tgt + R[:, 2] * dist
        l = (pts - pos) @ R; x, y, z = l[:, 0], l[:, 1], -l[:, 2]
        sx, sy = x / z / th, y / z / th * aspect
        cx, cy = (sx.max() + sx.min()) / 2, (sy.max() + sy.min()) / 2
        tgt = tgt + R[:, 0] * (cx * th * dist) + R[:, 1] * (cy * th / aspect * dist)
        ext = max(np.ptp(sx) / 2, np.ptp(sy) / 2)
        dist *= 1 + .8 * (ext / fill - 1)
    pos = tgt + R[:, 2] * dist - R[:, 0] * (shift[0] * th * dist) - R[:, 1] * (shift[1] * th * dist)
    o.matrix_world = Matrix.Translation(pos) @ q.to_matrix().to_4x4()
    cam.clip_start = .1; cam.clip_end = dist * 40
    if fstop:
        f = np.asarray(focus) if focus is not None else tgt
        cam.dof.use_dof = True; cam.dof.focus_distance = float(-((f - np.array(pos)) @ R)[2]); cam.dof.aperture_fstop = fstop
    return d, dist


def render(path, w, h, samples, threads):
    sc = bpy.context.scene; sc.render.engine = 'CYCLES'; cy = sc.cycles
    sc.render.resolution_x, sc.render.resolution_y = w, h
    sc.render.threads_mode = 'FIXED'; sc.render.threads = threads
    cy.samples = samples; cy.use_adaptive_sampling = True; cy.adaptive_threshold = .08; cy.adaptive_min_samples = 8; cy.use_light_tree = False
    cy.use_denoising = True; cy.denoiser = 'OPENIMAGEDENOISE'; cy.denoising_input_passes = 'RGB_ALBEDO_NORMAL'; cy.denoising_prefilter = 'FAST'
    cy.max_bounces = 18; cy.diffuse_bounces = 1; cy.glossy_bounces = 6; cy.transmission_bounces = 14; cy.transparent_max_bounces = 12; cy.volume_bounces = 0
    cy.caustics_reflective = False; cy.caustics_refractive = False; cy.blur_glossy = .3; cy.sample_clamp_indirect = 8; cy.sample_clamp_direct = 0
    sc.view_settings.view_transform = 'Standard'
    sc.render.image_settings.file_format = 'OPEN_EXR'; sc.render.image_settings.color_depth = '32'; sc.render.image_settings.color_mode = 'RGB'
    sc.render.filepath = path
    bpy.ops.render.render(write_still=True)


def read_exr(path):
    im = bpy.data.images.load(path)
    w, h = im.size; a = np.empty(w * h * 4, np.float32); im.pixels.foreach_get(a); bpy.data.images.remove(im)
    return a.reshape(h, w, 4)[::-1, :, :3]


def develop(lin, paper=True, target=(0xf4, 0xef, 0xe8), gain=None):
    """exposure so that the backdrop is the house's off-white, a soft shoulder, sRGB"""
    T = np.array(target) / 255.; Tl = np.where(T <= .04045, T / 12.92, ((T + .055) / 1.055) ** 2.4)
    inv = lambda y: np.where(y < .6, y, .6 - .4 * np.log(np.clip(1 - (y - .6) / .4, 1e-4, 1)))
    fwd = lambda x: np.where(x < .6, x, .6 + .4 * (1 - np.exp(-(np.maximum(x, .6) - .6) / .4)))
    if paper:
        h, w = lin.shape[:2]; m = max(4, w // 40)
        edge = np.concatenate([lin[:m].reshape(-1, 3), lin[:, :m].reshape(-1, 3), lin[:, -m:].reshape(-1, 3)])
        g = inv(Tl) / np.percentile(edge, 72, axis=0)
    else: g = np.array(gain if gain is not None else (1, 1, 1.))
    x = fwd(np.clip(lin * g, 0, None))
    s = np.where(x <= .0031308, x * 12.92, 1.055 * np.clip(x, 0, None) ** (1 / 2.4) - .055)
    return (np.clip(s, 0, 1) * 255 + .5).astype(np.uint8), g
