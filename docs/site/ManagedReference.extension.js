// docfx calls this for every page of the reference: in each text of it, the words of the glossary are links to it, with their meaning as a tooltip. Code, links and headings stay as they are.
var glossary = require('./glossary.js');

// "sweep" is found in "Sweeps" as well, "batch axis" in "batch axes"; abbreviations and symbols are found as they are written, "σ(x)" wherever σ is applied to something.
var words = Object.keys(glossary.words).map(function (word) {
  var plain = /^[a-z]/.test(word);
  var source = plain ? word.replace(/is$/, '(?:is|es)').replace(/([^s)])$/, '$1s?') : /^[A-Z]/.test(word) ? word + 's?' : word.replace(/\(x\)$/, '');
  return { word: word, source: source + (/\(x\)$/.test(word) ? '(?=\\()' : ''), form: new RegExp('^' + source + '$', plain ? 'i' : '') };
}).sort(function (a, b) { return b.source.length - a.source.length; });
var letter = 'A-Za-z0-9_\\u0370-\\u03ff';
var any = new RegExp('(^|[^' + letter + '-])(' + words.map(function (entry) { return entry.source; }).join('|') + ')(?![' + letter + '-])', 'gi');

function escape(text) {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

// The tangent of an angle is another one.
var ofAngle = /(inverse|hyperbolic|trigonometric) $/;

// The first place of each word in a text is enough.
function link(html, page) {
  var seen = {};
  var inside = 0;
  return html.split(/(<[^>]*>)/).map(function (part) {
    var tag = /^<(\/?)(a|code|pre|h[1-6]|xref)\b/i.exec(part);
    if (tag) {
      inside += tag[1] ? -1 : 1;
    }

    return part[0] === '<' || inside > 0 ? part : part.replace(any, function (all, before, found, offset) {
      var entry = words.filter(function (candidate) { return candidate.form.test(found); })[0];
      if (!entry || seen[entry.word] || ofAngle.test(part.slice(0, offset + before.length))) {
        return all;
      }

      seen[entry.word] = true;
      var meaning = glossary.words[entry.word];
      return before + '<a class="glossary" href="' + page + '#' + meaning.anchor + '" title="' + escape(meaning.text) + '">' + found + '</a>';
    });
  }).join('');
}

function walk(node, page) {
  Object.keys(node).forEach(function (key) {
    var value = node[key];
    if (typeof value === 'string') {
      if (key === 'summary' || key === 'remarks' || key === 'description') {
        node[key] = link(value, page);
      }
    } else if (value && typeof value === 'object' && key[0] !== '_') {
      walk(value, page);
    }
  });
}

exports.preTransform = function (model) {
  return model;
};

exports.postTransform = function (model) {
  walk(model, (model._rel || '') + 'glossary.html');
  return model;
};
