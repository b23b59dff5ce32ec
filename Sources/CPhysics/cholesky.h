#ifndef CHOLESKY_H
#define CHOLESKY_H

#include "newton_part.h"

// Each step is done for all parts before the next one: divisions and roots of one part are waited
// for while others compute.

INLINE void set_hessian(const Plan *plan, Part *part) {
  Lanes *hessian = part->factor;
  const int count = plan->dof_count;
  clear(hessian, triangle(count));
  const PartRow *row = part->rows, *const end = row + part->row_count;
  for (; row < end; row++) {
    if (!row->active) continue;
    const Lanes stiffness = kept(row->residual < 0, row->stiffness), *jacobian = row->jacobian;
    const int start = row->start, repeat = row->repeat;
    for (uint64_t left = row->support; left; left &= left - 1) {
      const int dof = __builtin_ctzll(left);
      add_scaled(hessian + triangle(dof), jacobian, jacobian[dof] * stiffness, start, dof + 1,
                 repeat);
    }
  }
  const int32_t *columns = plan->mass_column, *starts = plan->mass_row;
  const Lanes *mass = part->mass;
  for (int i = 0, entry = 0; i < count; i++) {
    const int stop = starts[i + 1];
    for (; entry < stop; entry++) hessian[columns[entry]] += mass[entry];
    hessian += i + 1;
  }
}

INLINE void factor(int count, Part *const *parts, int part_count) {
  Lanes inverse[64 / width];
  for (int j = 0; j < count; j++) {
    for (int p = 0; p < part_count; p++) {
      Lanes *line = parts[p]->factor + triangle(j);
      Lanes diagonal = line[j];
      if (j) diagonal -= dot(line, line, j);
      parts[p]->refused |= bits(diagonal < smallest) & parts[p]->searching;
      line[j] = __builtin_elementwise_sqrt(diagonal);
      inverse[p] = 1 / line[j];
    }
    for (int p = 0; p < part_count; p++) {
      const Lanes *upper = parts[p]->factor + triangle(j), scale = inverse[p];
      Lanes *line = parts[p]->factor + triangle(j + 1);
      for (int i = j + 1; i < count; i++) {
        line[j] = (j ? line[j] - dot(line, upper, j) : line[j]) * scale;
        line += i + 1;
      }
    }
  }
}

// direction = −(L L')⁻¹ gradient.
INLINE void solve(int count, Part *const *parts, int part_count) {
  for (int i = 0; i < count; i++)
    for (int p = 0; p < part_count; p++) {
      const Lanes *line = parts[p]->factor + triangle(i);
      Lanes *result = parts[p]->direction, value = parts[p]->gradient[i];
      if (i) value -= dot(line, result, i) + 0.0;
      result[i] = value / line[i];
    }
  for (int i = count - 1; i >= 0; i--)
    for (int p = 0; p < part_count; p++) {
      const Lanes *column = parts[p]->factor + triangle(i) + i, *below = column;
      Lanes *result = parts[p]->direction, value = result[i];
      for (int j = i + 1; j < count; j++) {
        below += j;
        value -= *below * result[j];
      }
      result[i] = value / *column;
    }
  for (int p = 0; p < part_count; p++)
    for (int i = 0; i < count; i++) parts[p]->direction[i] = -parts[p]->direction[i];
}

// Lists for each lane the rows that have become active or ceased to be.
INLINE void list_changes(const Plan *plan, Part *part) {
  memset(part->change_counts, 0, sizeof(part->change_counts));
  part->passes = 0;
  for (int i = 0; i < part->row_count; i++) {
    const PartRow *row = &part->rows[i];
    const uint8_t changed = (row->active ^ row->was_active) & part->searching;
    for (uint8_t left = changed; left; left &= left - 1) {
      const int lane = __builtin_ctz(left);
      for (int j = 0; j < row->repeat; j++)
        part->changes[lane * plan->number_count + part->change_counts[lane]++] = i;
      if (part->change_counts[lane] > part->passes) part->passes = part->change_counts[lane];
    }
  }
}

// Each lane's next change, whichever row it is: √D J, to be added or, where the sign is −1,
// subtracted. It is 0 in lanes that have no more changes, which leaves their factor as it is.
INLINE void load_update(const Plan *plan, Part *part, int pass, Lanes *sign) {
  clear(part->update, plan->dof_count);
  *sign = (Lanes)1.0;
  for (int lane = 0; lane < width; lane++) {
    if (pass >= part->change_counts[lane]) continue;
    const PartRow *row = &part->rows[part->changes[lane * plan->number_count + pass]];
    const double root = __builtin_sqrt(((const double *)&row->stiffness)[lane]);
    for (int i = row->start; i < row->end; i++)
      ((double *)&part->update[i])[lane] = ((const double *)&row->jacobian[i])[lane] * root;
    if (!(row->active >> lane & 1)) ((double *)sign)[lane] = -1;
  }
}

INLINE void update_column(int count, Part *part, Lanes sign, int k) {
  Lanes *update = part->update, *diagonal = part->factor + triangle(k) + k;
  const Lanes value = update[k], old = *diagonal;
  if (!bits(value != 0)) return;
  const Lanes squared = old * old + sign * (value * value);
  part->refused |= bits((squared < smallest) & (value != 0)) & part->searching;
  const Lanes root = __builtin_elementwise_sqrt(squared);
  const Lanes ratio = root / old, inverse = 1 / ratio, share = value / old;
  const Lanes signed_share = sign * share;
  *diagonal = root;
  Lanes *entry = diagonal;
  for (int i = k + 1; i < count; i++) {
    entry += i;
    const Lanes new = (*entry + signed_share * update[i]) * inverse;
    *entry = new;
    update[i] = ratio * update[i] - share * new;
  }
}

INLINE void update_factor(const Plan *plan, Part *const *parts, int part_count) {
  for (int p = 0; p < part_count; p++) list_changes(plan, parts[p]);
  for (int pass = 0;; pass++) {
    Part *changing[64 / width];
    Lanes signs[64 / width];
    int count = 0;
    for (int p = 0; p < part_count; p++) {
      if (pass >= parts[p]->passes) continue;
      load_update(plan, parts[p], pass, &signs[count]);
      changing[count++] = parts[p];
    }
    if (!count) return;
    for (int k = 0; k < plan->dof_count; k++)
      for (int p = 0; p < count; p++) update_column(plan->dof_count, changing[p], signs[p], k);
  }
}

#endif
